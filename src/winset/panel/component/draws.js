// The posterior as the page holds it: one array of draws for every cell.

/**
 * @typedef {{name: string, bits: number, at: number[][], low: number[], step: number[]}} Packed
 * @typedef {{draws: number, every: number, error: number, arrays: Packed[], data: string}} Pack
 * @typedef {{count: number, every: number, error: number, cells: Map<string, Float64Array>, at: Map<string, number[][]>}} Draws
 */

/**
 * Read a pack; cells are named "array:place,place".
 * @param {Pack} pack
 * @returns {Promise<Draws>}
 */
export async function readDraws(pack) {
  const packed = Uint8Array.from(atob(pack.data), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const cells = new Map(), at = new Map();
  let from = 0;
  for (const array of pack.arrays) {
    at.set(array.name, array.at);
    array.at.forEach((place, n) => {
      const values = new Float64Array(pack.draws).fill(array.low[n]);
      if (array.step[n] > 0) {
        const width = array.bits / 8;
        for (let d = 0; d < pack.draws; d += 1) {
          const code = width === 2 ? bytes[from + 2 * d] + 256 * bytes[from + 2 * d + 1] : bytes[from + d];
          values[d] += array.step[n] * code;
        }
        from += width * pack.draws;
      }
      cells.set(`${array.name}:${place.join()}`, values);
    });
  }
  return { count: pack.draws, every: pack.every, error: pack.error, cells, at };
}
