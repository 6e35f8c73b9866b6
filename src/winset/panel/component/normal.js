// The standard normal distribution.

/**
 * Probability below z: Hart (1968) as West (2005) writes it, 15 digits.
 * @param {number} z
 * @returns {number}
 */
export function below(z) {
  const a = Math.abs(z);
  if (a > 37) return z > 0 ? 1 : 0;
  const e = Math.exp(-a * a / 2);
  let tail;
  if (a < 7.07106781186547) {
    const up = ((((((3.52624965998911e-2 * a + 0.700383064443688) * a + 6.37396220353165) * a + 33.912866078383) * a
      + 112.079291497871) * a + 221.213596169931) * a + 220.206867912376);
    const down = (((((((8.83883476483184e-2 * a + 1.75566716318264) * a + 16.064177579207) * a + 86.7807322029461) * a
      + 296.564248779674) * a + 637.333633378831) * a + 793.826512519948) * a + 440.413735824752);
    tail = e * up / down;
  } else {
    tail = e / (a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))))) / 2.506628274631;
  }
  return z > 0 ? 1 - tail : tail;
}

/**
 * Value below which a share lies, by Newton's method from a start in the middle.
 * @param {number} p between 0 and 1
 * @returns {number}
 */
export function valueAt(p) {
  let z = 0;
  for (let n = 0; n < 60; n += 1) {
    const density = Math.exp(-z * z / 2) / 2.5066282746310002;
    const move = (below(z) - p) / density;
    z -= Math.max(-1, Math.min(1, move));
    if (Math.abs(move) < 1e-12) break;
  }
  return z;
}

/**
 * Mean and quantiles of draws, between neighbours as NumPy does it.
 * @param {Float64Array} values
 * @returns {{mean: number, low: number, high: number, lower: number, upper: number}} 90 % interval, and 50 % interval
 */
export function spread(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (/** @type {number} */ q) => {
    const place = q * (sorted.length - 1), floor = Math.floor(place);
    const next = Math.min(floor + 1, sorted.length - 1);
    return sorted[floor] + (place - floor) * (sorted[next] - sorted[floor]);
  };
  return { mean: average(values), low: at(0.05), high: at(0.95), lower: at(0.25), upper: at(0.75) };
}

/**
 * @param {ArrayLike<number>} values
 * @returns {number}
 */
export function average(values) {
  let sum = 0;
  for (let d = 0; d < values.length; d += 1) sum += values[d];
  return sum / values.length;
}
