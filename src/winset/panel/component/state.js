// What the reader has chosen, as a value; what was chosen before; and both as the tail of an address.
import { NOT_READ, OPEN } from "./shares.js";

/**
 * @typedef {{terms: number[], start: number, words: Record<string, string>, costs: boolean, limits: Record<string, number>}} State
 * terms: option by issue; start: number of the proposal that one began from, -1 for none; limits: thresholds that were moved
 */

/**
 * @param {any} model
 * @param {number} start
 * @returns {State}
 */
export function startFrom(model, start) {
  const terms = start < 0 ? model.issues.map(() => OPEN) : [...model.proposals[start].terms];
  return { terms, start, words: {}, costs: true, limits: {} };
}

/**
 * The tail of an address: `#build:terms;start;words;costs;limits`.
 * @param {State} state
 */
export function writeTail(state) {
  const terms = state.terms.map((t) => (t === OPEN ? "-" : t === NOT_READ ? "x" : String(t))).join(".");
  const words = Object.entries(state.words).map(([name, stand]) => `${encodeURIComponent(name)}:${stand}`).join(",");
  const limits = Object.entries(state.limits).map(([at, x]) => `${at}:${x}`).join(",");
  return `#build:${[terms, state.start, words, state.costs ? 1 : 0, limits].join(";")}`;
}

/**
 * Read it again; null where it says nothing that this page could build.
 * @param {any} model
 * @param {string} tail
 * @returns {State | null}
 */
export function readTail(model, tail) {
  if (!tail.startsWith("#build:")) return null;
  const [terms = "", start = "-1", words = "", costs = "1", limits = ""] = tail.slice(7).split(";");
  const first = Number(start);
  const known = Number.isInteger(first) && first >= -1 && first < model.proposals.length ? first : -1;
  const read = terms.split(".").map((t) => (t === "-" ? OPEN : t === "x" ? NOT_READ : Number(t)));
  const fits = read.length === model.issues.length && read.every((t, k) =>
    t === OPEN || (t === NOT_READ ? known >= 0 && model.proposals[known].terms[k] === NOT_READ
      : Number.isInteger(t) && t >= 0 && t < model.issues[k].options.length));
  if (!fits) return null;
  const said = pairs(words).filter(([name, stand]) =>
    model.words.some((/** @type {any} */ w) => w.name === name) && (stand === "for" || stand === "against"));
  const moved = pairs(limits).map(([at, x]) => [at, Number(x)]).filter(([at, x]) => {
    const [s, n] = String(at).split(".").map(Number);
    return Number(x) >= 0 && Number(x) <= 1 && model.sides[s]?.clauses[n];
  });
  return { terms: read, start: known, words: Object.fromEntries(said), costs: costs !== "0", limits: Object.fromEntries(moved) };
}

/** @param {string} text */
function pairs(text) {
  return text.split(",").filter(Boolean).map((x) => {
    const at = x.lastIndexOf(":");
    return [decodeURIComponent(x.slice(0, at)), x.slice(at + 1)];
  });
}

/** What was chosen, step by step, with undo and redo. */
export class Steps {
  /** @param {State} first */
  constructor(first) {
    this.all = [first];
    this.at = 0;
  }

  get now() {
    return this.all[this.at];
  }

  /** @param {State} next */
  add(next) {
    this.all = [...this.all.slice(0, this.at + 1), next];
    this.at += 1;
  }

  /** @param {number} by -1 back, 1 forth */
  move(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.all.length - 1);
  }

  /** @param {number} by */
  can(by) {
    return this.at + by >= 0 && this.at + by < this.all.length;
  }
}
