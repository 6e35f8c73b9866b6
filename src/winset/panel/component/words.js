// Texts of the panel in the language of the page: written in English, told from what the page carries.

/** @type {{code: string, rtl: boolean, texts: Record<string, string[]>, plural: number[]}} */
const spoken = { code: "en", rtl: false, texts: {}, plural: [] };

/**
 * Tell everything in another language from now on.
 * @param {{code: string, rtl: boolean, texts: Record<string, string[]>, plural: number[]} | undefined} language
 */
export function setLanguage(language) {
  Object.assign(spoken, language);
}

/**
 * A text with values in its places.
 * @param {string} text
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function tr(text, values = {}) {
  return put(spoken.texts[text]?.[0] ?? text, values);
}

/**
 * A text in the form that goes with a number.
 * @param {string} one
 * @param {string} many
 * @param {number} n
 * @param {Record<string, any>} [values]
 * @returns {string}
 */
export function trn(one, many, n, values = {}) {
  const form = spoken.texts[one]?.[spoken.plural[n < 200 ? n : 100 + n % 100]];
  return put(form ?? (n === 1 ? one : many), { n: number(n), ...values });
}

/**
 * In a text from right to left each value stands apart, so that a Latin label does not turn it round.
 * @param {string} text
 * @param {Record<string, any>} values
 */
function put(text, values) {
  const [open, close] = spoken.rtl ? ["\u2068", "\u2069"] : ["", ""];
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? `${open}${values[name]}${close}` : place));
}

/**
 * A number with the separators of the language; the digits are the same in all.
 * @param {number} x
 * @param {number} [places]
 */
export function number(x, places = 0) {
  return x.toLocaleString(`${spoken.code}-u-nu-latn`, { minimumFractionDigits: places, maximumFractionDigits: places });
}
