// Acceptance of a package by constituency: normal part-worths integrate out in closed form (Train 2009, sec. 6.2).
import { below } from "./normal.js";

export const OPEN = -1;
export const NOT_READ = -2;

/**
 * Acceptance of every constituency in every draw.
 * @param {any} model what describe_panel returns, with its draws read
 * @param {any} state
 * @param {boolean} priced with the price of broken pledges taken off
 * @returns {Float64Array[]}
 */
export function acceptance(model, state, priced) {
  const leaves = model.leaves.map((/** @type {number} */ _, /** @type {number} */ leaf) => ofLeaf(model, state, leaf, priced));
  const { cells, at, count } = model.draws;
  const groups = model.groups.map(() => new Float64Array(count));
  for (const place of at.get("mix")) {
    const share = cells.get(`mix:${place.join()}`), into = groups[place[0]], from = leaves[place[1]];
    for (let d = 0; d < count; d += 1) into[d] += share[d] * from[d];
  }
  return groups;
}

/**
 * @param {any} model
 * @param {any} state
 * @param {number} leaf
 * @param {boolean} priced
 * @returns {Float64Array}
 */
function ofLeaf(model, state, leaf, priced) {
  const { cells, count } = model.draws;
  const mean = Float64Array.from(cells.get(`level:${model.leaves[leaf]}`));
  const variance = new Float64Array(count).fill(1), kept = new Float64Array(count).fill(1);
  state.terms.forEach((/** @type {number} */ option, /** @type {number} */ issue) => {
    const scale = cells.get(`${option === OPEN ? "open" : "person"}:${leaf},${issue}`);
    for (let d = 0; d < count; d += 1) variance[d] += scale[d] * scale[d];
    if (option === OPEN) return;
    const imagined = option === NOT_READ ? cells.get(`ending:${state.start},${issue}`) : null;
    const options = imagined ? [...new Set(imagined)] : [option];
    for (const o of options) {
      const place = `${leaf},${issue},${o}`;
      const worth = cells.get(`worth:${place}`), cost = priced ? cells.get(`cost:${place}`) : null;
      const keep = cells.get(`kept:${place}`);
      for (let d = 0; d < count; d += 1) {
        if (imagined && imagined[d] !== o) continue;
        if (worth) mean[d] += worth[d];
        if (cost) mean[d] -= cost[d];
        if (keep) kept[d] *= keep[d];
      }
    }
  });
  const lapse = cells.get("lapse:0");
  for (let d = 0; d < count; d += 1) mean[d] = lapse[d] + (1 - 2 * lapse[d]) * below(mean[d] / Math.sqrt(variance[d]));
  hear(model, state, leaf, mean);
  for (let d = 0; d < count; d += 1) mean[d] *= kept[d];
  return mean;
}

/**
 * Words for or against move a share of those who would reject, or accept.
 * @param {any} model
 * @param {any} state
 * @param {number} leaf
 * @param {Float64Array} shares changed in place
 */
function hear(model, state, leaf, shares) {
  const { cells, count } = model.draws;
  for (const word of model.words) {
    const stand = state.words[word.name];
    if (!stand) continue;
    const [speaker, towards] = word[stand][leaf];
    const follow = cells.get(`follow:${leaf},${speaker},${stand === "for" ? 0 : 1}`);
    for (let d = 0; d < count; d += 1) {
      shares[d] = towards ? shares[d] + follow[d] * (1 - shares[d]) : shares[d] * (1 - follow[d]);
    }
  }
}
