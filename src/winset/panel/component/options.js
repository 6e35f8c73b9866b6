// The options of every issue, as rows of buttons that a keyboard reaches.
import { chanceOfAll, forbidden } from "./answer.js";
import { COLOURS, make } from "./element.js";
import { percent } from "./phrases.js";
import { NOT_READ, OPEN } from "./shares.js";
import { tr } from "./words.js";

/**
 * @param {any} model
 * @param {(issue: number, option: number) => void} choose
 */
export function buildOptions(model, choose) {
  const rows = model.issues.map((/** @type {any} */ issue, /** @type {number} */ k) => {
    const kinds = [...issue.options.keys(), OPEN];
    if (model.proposals.some((/** @type {any} */ p) => p.terms[k] === NOT_READ)) kinds.push(NOT_READ);
    return make("fieldset", {}, make("legend", {}, issue.label),
      ...kinds.map((o) => button(model, k, o, choose)));
  });
  return make("div", { class: "options" }, ...rows);
}

/**
 * @param {any} model
 * @param {number} k
 * @param {number} o
 * @param {(issue: number, option: number) => void} choose
 */
function button(model, k, o, choose) {
  const option = o >= 0 ? model.issues[k].options[o] : null;
  const name = option ? option.label : o === OPEN ? tr("left open") : tr("not read");
  const input = make("input", { type: "radio", name: `issue-${k}`, value: o, onchange: () => choose(k, o) });
  const ranks = option ? model.sides.map((/** @type {any} */ side, /** @type {number} */ s) => rank(side, option.ranks[s], model.issues[k].options.length, s)) : [];
  return make("label", { class: "option", "data-at": `${k},${o}` }, input,
    make("span", { class: "name" }, name), make("span", { class: "ranks" }, ...ranks), make("span", { class: "would" }));
}

/**
 * How well a side likes an option, by its declared order: a bar, the best of the order full.
 * @param {any} side
 * @param {number | null} place
 * @param {number} count
 * @param {number} s
 */
function rank(side, place, count, s) {
  const said = place === null ? tr("{side}: no known order", { side: side.label }) : tr("{side}: {place} of {count}", { side: side.label, place: place + 1, count });
  const share = place === null || count < 2 ? 0 : 1 - place / (count - 1);
  const bar = make("span", { class: "rank", role: "img", "aria-label": said, title: said }, make("span", {}));
  bar.firstChild.style.width = `${100 * share}%`;
  bar.firstChild.style.background = COLOURS[s % COLOURS.length];
  return bar;
}

/**
 * Show what is chosen, what cannot be, and (a little later) what each other option would do.
 * @param {any} model
 * @param {any} state
 * @param {Element} block
 */
export function showOptions(model, state, block) {
  const barred = forbidden(model, state.terms);
  for (const label of block.querySelectorAll(".option")) {
    const at = /** @type {HTMLElement} */ (label).dataset.at ?? "", [k, o] = at.split(",").map(Number);
    const input = /** @type {HTMLInputElement} */ (label.querySelector("input")), not = barred.get(at);
    input.checked = state.terms[k] === o;
    const unread = o === NOT_READ && !(state.start >= 0 && model.proposals[state.start].terms[k] === NOT_READ);
    input.disabled = Boolean(not && !input.checked) || unread;
    /** @type {HTMLElement} */ (label).hidden = unread;
    label.setAttribute("title", not ? tr("not together with {option}", { option: not }) : "");
    label.classList.toggle("chosen", input.checked);
    label.classList.toggle("barred", Boolean(not));
    const would = /** @type {Element} */ (label.querySelector(".would"));
    if (input.checked) would.textContent = "";
  }
}

/**
 * What each other option would make of the chance of all: worked out while the page is idle.
 * @param {any} model
 * @param {any} state
 * @param {Element} block
 * @param {() => boolean} still whether this is still what is chosen
 */
export function tellEffects(model, state, block, still) {
  const labels = [...block.querySelectorAll(".option:not(.chosen):not([hidden])")];
  const step = () => {
    const until = performance.now() + 12;
    while (labels.length && performance.now() < until && still()) {
      const label = /** @type {HTMLElement} */ (labels.shift());
      const [k, o] = (label.dataset.at ?? "").split(",").map(Number);
      const terms = state.terms.map((/** @type {number} */ t, /** @type {number} */ n) => (n === k ? o : t));
      const would = label.querySelector(".would");
      if (would) would.textContent = label.classList.contains("barred") ? "" : percent(chanceOfAll(model, { ...state, terms }));
    }
    if (labels.length && still()) setTimeout(step, 0);
  };
  setTimeout(step, 60);
}
