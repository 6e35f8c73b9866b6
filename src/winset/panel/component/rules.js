// Rules of ratification over draws of acceptance.
import { below, valueAt } from "./normal.js";

/**
 * Yes among those who vote: turnout n of those who reject solves a r n / (1 + (r - 1) n) + (1 - a) n = t.
 * @param {number} a acceptance
 * @param {number} turnout
 * @param {number} gap log odds of voting of those who accept, less those of who reject
 * @param {number} swing probits, from the last polls to the day
 */
export function yes(a, turnout, gap, swing) {
  const more = Math.expm1(gap), bend = (1 - a) * more, slope = 1 + (a - turnout) * more;
  const rejecting = 2 * turnout / (slope + Math.sqrt(slope * slope + 4 * bend * turnout));
  const cast = Math.min(Math.max(1 - (1 - a) * rejecting / turnout, 1e-9), 1 - 1e-9);
  return below(valueAt(cast) + swing);
}

/**
 * What a clause weighs in every draw, and what it asks: acceptance against a threshold, or Yes against what carries.
 * @param {any} model
 * @param {any} state
 * @param {Float64Array[]} shares
 * @param {number} s side
 * @param {number} n clause of the side's rule
 * @returns {{reached: Float64Array, asked: Float64Array}}
 */
export function weighClause(model, state, shares, s, n) {
  const clause = model.sides[s].clauses[n], { cells, count } = model.draws;
  const reached = new Float64Array(count);
  for (const [group, weight] of clause.weights) {
    for (let d = 0; d < count; d += 1) reached[d] += weight * shares[group][d];
  }
  const moved = state.limits[`${s}.${n}`];
  if (clause.kind === "vote") {
    const [turnout, gap, swing] = ["turnout", "gap", "swing"].map((x) => cells.get(`${x}:${s},${n}`));
    for (let d = 0; d < count; d += 1) reached[d] = yes(reached[d], turnout[d], gap[d], swing[d]);
    return { reached, asked: new Float64Array(count).fill(moved ?? clause.at_least) };
  }
  return { reached, asked: moved === undefined ? cells.get(`limit:${s},${n}`) : new Float64Array(count).fill(moved) };
}

/**
 * In which draws a side's rule holds, and how often each of its clauses fails.
 * @param {any} model
 * @param {any} state
 * @param {Float64Array[]} shares
 * @param {number} s
 * @returns {{held: Uint8Array, fails: number[]}}
 */
export function holdRule(model, state, shares, s) {
  const { count } = model.draws;
  const clauses = model.sides[s].clauses.map((/** @type {any} */ _, /** @type {number} */ n) => {
    const { reached, asked } = weighClause(model, state, shares, s, n);
    return Uint8Array.from(reached, (x, d) => (x >= asked[d] ? 1 : 0));
  });
  /** @type {(node: any) => Uint8Array} */
  const walk = (node) => {
    if (typeof node === "number") return clauses[node];
    const [join, ...parts] = node, found = parts.map(walk);
    return Uint8Array.from({ length: count }, (_, d) =>
      Number(join === "all" ? found.every((/** @type {Uint8Array} */ x) => x[d]) : found.some((/** @type {Uint8Array} */ x) => x[d])));
  };
  const fails = clauses.map((/** @type {Uint8Array} */ held) => 1 - held.reduce((a, b) => a + b, 0) / count);
  return { held: walk(model.sides[s].rule), fails };
}
