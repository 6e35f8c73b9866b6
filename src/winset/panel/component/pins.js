// Packages set aside to compare with, and how far a package is from each proposal.
import { distance } from "./answer.js";
import { fill, make } from "./element.js";
import { percent } from "./phrases.js";
import { tr, trn } from "./words.js";

/**
 * @param {any} model
 * @param {{name: string, state: any, answer: any}[]} pins
 * @param {number} compared
 * @param {Element} block
 * @param {{compare: (n: number) => void, open: (n: number) => void, drop: (n: number) => void}} acts
 */
export function showPins(model, pins, compared, block, acts) {
  if (!pins.length) {
    fill(block, make("p", {}, tr("Pin a package to compare others with it.")));
    return;
  }
  const rows = pins.map((pin, n) => make("tr", {},
    make("th", { scope: "row" }, pin.name), ...model.sides.map((/** @type {any} */ _, /** @type {number} */ s) => make("td", {}, percent(pin.answer.carried[s]))),
    make("td", {}, percent(pin.answer.all)),
    make("td", {}, act(n === compared ? tr("compared") : tr("compare"), () => acts.compare(n)), act(tr("open"), () => acts.open(n)), act(tr("remove"), () => acts.drop(n)))));
  const heads = [tr("Pinned"), ...model.sides.map((/** @type {any} */ s) => s.label), tr("All"), ""];
  fill(block, make("table", {}, make("thead", {}, make("tr", {}, ...heads.map((h) => make("th", { scope: "col" }, h)))), make("tbody", {}, ...rows)));
}

/**
 * @param {string} name
 * @param {() => void} onclick
 */
function act(name, onclick) {
  return make("button", { type: "button", onclick }, name);
}

/**
 * @param {any} model
 * @param {any} state
 */
export function sayDistances(model, state) {
  const near = model.proposals.filter((/** @type {any} */ p) => p.asked || p.later)
    .map((/** @type {any} */ p) => ({ label: p.label, away: distance(state.terms, p.terms) }))
    .filter((/** @type {any} */ x) => x.away).sort((/** @type {any} */ a, /** @type {any} */ b) => a.away - b.away).slice(0, 3);
  const said = near.map((/** @type {any} */ x) => trn("{proposal} ({n} term apart)", "{proposal} ({n} terms apart)", x.away, { proposal: x.label }));
  return said.length ? tr("Nearest proposals: {proposals}.", { proposals: said.join(tr("; ")) }) : "";
}
