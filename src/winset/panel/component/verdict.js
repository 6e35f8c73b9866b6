// Who could carry the package, what blocks it, and thresholds that one may move.
import { neverAsked } from "./answer.js";
import { fill, make } from "./element.js";
import { likely, percent, points } from "./phrases.js";
import { tr, trn } from "./words.js";

/**
 * The verdict in a sentence, as a screen reader hears it.
 * @param {any} model
 * @param {any} answer
 */
export function sayVerdict(model, answer) {
  const sides = model.sides.map((/** @type {any} */ s, /** @type {number} */ n) => tr("{side} {chance}", { side: s.label, chance: percent(answer.carried[n]) })).join(tr(", "));
  const said = { chance: percent(answer.all), likely: likely(model.phrases, answer.all), sides };
  return answer.exact
    ? tr("{package}: all leaders at once could carry it with a chance of {chance} ({likely}); {sides}.", { package: answer.exact.label, ...said })
    : tr("All leaders at once could carry it with a chance of {chance} ({likely}); {sides}.", said);
}

/**
 * A group with its side's name, where it does not say it.
 * @param {string} side
 * @param {string} group
 */
function within(side, group) {
  return group.includes(side) ? group : `${group} (${side})`;
}

/**
 * Clauses that more likely fail than hold.
 * @param {any} model
 * @param {any} answer
 */
export function sayBlocks(model, answer) {
  const found = model.sides.flatMap((/** @type {any} */ side, /** @type {number} */ s) => {
    /** @type {number[]} */
    const fails = answer.fails[s], often = [...fails.keys()].filter((n) => fails[n] > 0.5).sort((a, b) => fails[b] - fails[a]);
    return often.map((n) => within(side.label, side.clauses[n].who));
  });
  return found.length ? tr("Blocked more likely than not by {groups}.", { groups: found.join(tr("; ")) }) : tr("No clause of any rule more likely fails than holds.");
}

/**
 * Who speaks for or against the package: every number is with these words.
 * @param {any} model
 * @param {any} state
 */
export function sayWords(model, state) {
  const found = Object.entries(state.words).map(([name, stand]) => {
    const speaker = model.words.find((/** @type {any} */ w) => w.name === name)?.label ?? name;
    return stand === "for" ? tr("{speaker} for it", { speaker }) : tr("{speaker} against it", { speaker });
  });
  return found.length ? tr("With these words: {words}.", { words: found.join("; ") }) : "";
}

/**
 * What the rules count where the package breaks pledges: less than the bars show.
 * @param {any} model
 * @param {any} answer
 */
export function sayPrices(model, answer) {
  const found = model.groups.flatMap((/** @type {any} */ group, /** @type {number} */ g) => {
    const shown = percent(answer.groups[g].mean), counted = percent(answer.priced[g]);
    return shown === counted ? [] : [tr("{group} {counted}, not {shown}", { group: within(model.sides[group.side].label, group.label), counted, shown })];
  });
  return found.length ? tr("Broken pledges have a price, which the rules count and the bars only mark (dashed): {groups}.", { groups: found.join("; ") }) : "";
}

/**
 * What nobody was asked of the package.
 * @param {any} model
 * @param {number[]} terms
 */
export function sayNeverAsked(model, terms) {
  const found = neverAsked(model, terms);
  if (!found.length) return "";
  const said = found.slice(0, 4).map(({ issue, groups }) => {
    const option = model.issues[issue].options[terms[issue]].label;
    if (groups.length === model.groups.length) return tr("{option} (nobody was asked)", { option });
    if (groups.length > 3) return trn("{option} ({n} of {all} groups was not asked)", "{option} ({n} of {all} groups were not asked)", groups.length, { option, all: model.groups.length });
    const names = groups.map((/** @type {number} */ g) => within(model.sides[model.groups[g].side].label, model.groups[g].label));
    return tr("{option} ({groups} not asked)", { option, groups: [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(tr(" and ")) });
  });
  const listed = said.join(tr("; ")), more = found.length - 4;
  return more > 0 ? trn("Never asked: {terms}; and {n} more.", "Never asked: {terms}; and {n} more.", more, { terms: listed }) : tr("Never asked: {terms}.", { terms: listed });
}

/**
 * Sides with their rules; sliders set thresholds.
 * @param {any} model
 * @param {(at: string, value: number | null) => void} move
 */
export function buildSides(model, move) {
  const blocks = model.sides.map((/** @type {any} */ side, /** @type {number} */ s) => make("div", { class: "side" },
    make("h4", {}, `${side.label}: `, make("span", { class: "chance" })),
    ...side.clauses.map((/** @type {any} */ clause, /** @type {number} */ n) => slider(clause, `${s}.${n}`, move))));
  return make("div", { class: "sides" }, ...blocks);
}

/**
 * @param {any} clause
 * @param {string} at
 * @param {(at: string, value: number | null) => void} move
 */
function slider(clause, at, move) {
  const input = make("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": tr("Threshold: {rule}", { rule: clause.words }),
    onchange: (/** @type {any} */ e) => move(at, Number(e.target.value) / 100) });
  const back = make("button", { type: "button", class: "back", onclick: () => move(at, null) }, tr("as declared"));
  return make("div", { class: "clause", "data-clause": at }, make("span", { class: "rule" }, clause.words),
    make("span", { class: "fails" }), make("div", { class: "limit" }, input, make("output", {}), back));
}

/**
 * @param {any} model
 * @param {any} state
 * @param {any} answer
 * @param {any | null} pinned
 * @param {Element} block
 * @param {number[][]} declared middle of each threshold as declared
 */
export function showSides(model, state, answer, pinned, block, declared) {
  block.querySelectorAll(".side").forEach((side, s) => {
    const change = pinned ? ` (${points(answer.carried[s] - pinned.carried[s])})` : "";
    fill(/** @type {Element} */ (side.querySelector(".chance")), `${percent(answer.carried[s])}${change}`);
    side.querySelectorAll(".clause").forEach((clause, n) => {
      const moved = state.limits[`${s}.${n}`], fails = answer.fails[s][n];
      clause.classList.toggle("blocks", fails > 0.5);
      fill(/** @type {Element} */ (clause.querySelector(".fails")), tr("fails {chance}", { chance: percent(fails) }));
      /** @type {HTMLInputElement} */ (clause.querySelector("input")).value = String(Math.round(100 * (moved ?? declared[s][n])));
      fill(/** @type {Element} */ (clause.querySelector("output")), moved === undefined ? tr("as declared") : tr("{whole} %", { whole: Math.round(100 * moved) }));
      /** @type {HTMLButtonElement} */ (clause.querySelector(".back")).hidden = moved === undefined;
    });
  });
}
