// All that the panel says of one package.
import { average, spread } from "./normal.js";
import { NOT_READ, OPEN, acceptance } from "./shares.js";
import { holdRule } from "./rules.js";

/**
 * @typedef {{mean: number, low: number, high: number, lower: number, upper: number}} Interval
 * @typedef {{groups: Interval[], priced: number[], carried: number[], all: number, fails: number[][], exact: any}} Answer
 */

/**
 * @param {any} model
 * @param {any} state
 * @returns {Answer} priced: what broken pledges leave of each mean; exact: the proposal of which the whole run says the same
 */
export function answer(model, state) {
  const plain = acceptance(model, state, false);
  const left = state.costs ? acceptance(model, state, true) : plain;
  const { carried, all, fails } = chances(model, state, left);
  const exact = exactProposal(model, state);
  const groups = plain.map(spread), priced = left.map(average);
  if (!exact) return { groups, priced, carried, all, fails, exact: null };
  const told = groups.map((g, n) => ({ ...g, mean: exact.shares[n][0], low: exact.shares[n][1], high: exact.shares[n][2] }));
  return { groups: told, priced: exact.priced, carried: exact.carried, all: exact.all, fails, exact };
}

/**
 * Chance of each leader and of all at once, and how often each clause fails.
 * @param {any} model
 * @param {any} state
 * @param {Float64Array[]} shares
 */
function chances(model, state, shares) {
  const rules = model.sides.map((/** @type {any} */ _, /** @type {number} */ s) => holdRule(model, state, shares, s));
  const carried = rules.map((/** @type {any} */ r) => average(r.held));
  let together = 0;
  for (let d = 0; d < model.draws.count; d += 1) together += Number(rules.every((/** @type {any} */ r) => r.held[d]));
  return { carried, all: together / model.draws.count, fails: rules.map((/** @type {any} */ r) => r.fails) };
}

/**
 * Chance that all leaders could carry a package, and no more than that.
 * @param {any} model
 * @param {any} state
 */
export function chanceOfAll(model, state) {
  return chances(model, state, acceptance(model, state, state.costs)).all;
}

/**
 * The proposal that this is, asked as the run asked it.
 * @param {any} model
 * @param {any} state
 */
function exactProposal(model, state) {
  if (!state.costs || Object.keys(state.words).length || Object.keys(state.limits).length) return null;
  return model.proposals.find((/** @type {any} */ p, /** @type {number} */ n) =>
    p.terms.every((/** @type {number} */ t, /** @type {number} */ k) => t === state.terms[k] && (t !== NOT_READ || n === state.start))) ?? null;
}

/**
 * In how many terms two packages differ.
 * @param {number[]} one
 * @param {number[]} other
 */
export function distance(one, other) {
  return one.filter((t, k) => t !== other[k]).length;
}

/**
 * Options that cannot stand beside what a package holds: issue, option, and what they cannot stand beside.
 * @param {any} model
 * @param {number[]} terms
 * @returns {Map<string, string>} keys "issue,option"
 */
export function forbidden(model, terms) {
  const found = new Map();
  for (const [k, o, other, not] of model.never) {
    if (terms[other] === not) found.set(`${k},${o}`, model.issues[other].options[not].label);
    if (terms[k] === o) found.set(`${other},${not}`, model.issues[k].options[o].label);
  }
  return found;
}

/**
 * Terms of a package that constituencies were never asked about.
 * @param {any} model
 * @param {number[]} terms
 * @returns {{issue: number, groups: number[]}[]}
 */
export function neverAsked(model, terms) {
  return terms.flatMap((o, issue) => {
    if (o === OPEN || o === NOT_READ) return [];
    const groups = model.groups.map((/** @type {any} */ _, /** @type {number} */ g) => g)
      .filter((/** @type {number} */ g) => !model.asked[g][issue][o]);
    return groups.length ? [{ issue, groups }] : [];
  });
}
