// Building a page: text is only ever set as text.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "g", "rect", "line", "circle", "path", "text", "title", "polygon"]);

/**
 * @param {string} name
 * @param {Record<string, any>} [given] attributes; "on..." are listeners, false leaves one out
 * @param {...(Node | string | null | undefined)} inside
 * @returns {any}
 */
export function make(name, given = {}, ...inside) {
  const made = DRAWN.has(name) ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...inside.filter((x) => x !== null && x !== undefined));
  return made;
}

/**
 * Put other content into an element.
 * @param {Element} into
 * @param {...(Node | string)} inside
 */
export function fill(into, ...inside) {
  into.replaceChildren(...inside);
}

/** Colours of sides: Okabe & Ito (2008), told apart by colour-blind readers. */
export const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#777777"];
