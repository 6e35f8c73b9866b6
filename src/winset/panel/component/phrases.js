// Numbers in words, the same words as everywhere else.
import { tr } from "./words.js";

/** @param {number} share */
export function percent(share) {
  const whole = roundHalfEven(100 * share);
  if (whole < 1) return tr("<1 %");
  return whole > 99 ? tr(">99 %") : tr("{whole} %", { whole });
}

/** @param {{mean: number, low: number, high: number}} x */
export function span(x) {
  return `${roundHalfEven(100 * x.mean)} [${roundHalfEven(100 * x.low)}, ${roundHalfEven(100 * x.high)}]`;
}

/**
 * Halves go to the even number, as Python rounds.
 * @param {number} x
 */
function roundHalfEven(x) {
  const floor = Math.floor(x), rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 ? floor + 1 : floor;
}

/**
 * Calibrated word for a probability.
 * @param {[number, string][]} phrases upper bounds and words
 * @param {number} probability
 */
export function likely(phrases, probability) {
  return (phrases.find(([bound]) => probability < bound) ?? phrases[phrases.length - 1])[1];
}

/**
 * Change in points, with its sign.
 * @param {number} change
 */
export function points(change) {
  const whole = roundHalfEven(100 * change);
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : "±0";
}
