// Options of each issue in the order in which a side likes them: dragged, or moved by buttons; written as ranks, 1 is best.
import { button } from "./button.js";

/** @typedef {{row: number, words: string, rank: string}} Option_ */
/** @typedef {{issue: string, column: number, whose: string, options: Option_[]}} Ordered */

const ORDER = "Order: ";

/** Issues and columns of ranks on the sheet of terms. @param {string[][]} rows @returns {Ordered[]} */
export function readOrders(rows) {
  const head = rows.findIndex((row) => row.some((text) => text.startsWith(ORDER)));
  if (head < 0) return [];
  const at = (/** @type {string} */ name) => rows[head].indexOf(name);
  const [issue, id, option, own] = ["Issue", "Issue id", "Option", "Option id"].map(at);
  /** @type {{name: string, rows: number[]}[]} */
  const issues = [];
  rows.forEach((row, r) => {
    if (r <= head || !(row[option] || row[own])) return;
    const name = row[issue] || row[id];
    if (name && name !== issues[issues.length - 1]?.name) issues.push({ name, rows: [] });
    issues[issues.length - 1]?.rows.push(r);
  });
  const columns = rows[head].flatMap((text, c) => (text.startsWith(ORDER) ? [c] : []));
  return issues.flatMap(({ name, rows: own_ }) => columns.map((column) => ({
    issue: name, column, whose: rows[head][column].slice(ORDER.length),
    options: sorted(own_.map((row) => ({ row, words: rows[row][option] || rows[row][own], rank: rows[row][column].trim() }))),
  })));
}

/** Best first; those of unknown rank as they stand, at the end. @param {Option_[]} options */
function sorted(options) {
  const known = (/** @type {Option_} */ o) => (o.rank === "" || isNaN(Number(o.rank)) ? Infinity : Number(o.rank));
  return [...options].sort((a, b) => (known(a) === known(b) ? a.row - b.row : known(a) - known(b)));
}

/** Lists to drag in. @param {HTMLElement} place @param {string[][]} rows
 * @param {(changes: {row: number, column: number, text: string}[]) => void} write */
export function drawOrders(place, rows, write) {
  const said = document.createElement("p");
  said.className = "small";
  said.textContent = "Drag what the side likes better upwards, or move it by its arrows. “?” says that nobody knows.";
  place.replaceChildren(said, ...readOrders(rows).map((ordered) => list(ordered, write)));
}

/** @param {Ordered} ordered @param {(changes: {row: number, column: number, text: string}[]) => void} write */
function list(ordered, write) {
  const made = document.createElement("section"), head = document.createElement("h3"), items = document.createElement("ol");
  head.textContent = `${ordered.issue}: ${ordered.whose}`;
  const save = (/** @type {Option_[]} */ options) => write(options.map((o, n) => ({ row: o.row, column: ordered.column, text: String(n + 1) })));
  const move = (/** @type {number} */ from, /** @type {number} */ to) => {
    if (to < 0 || to >= ordered.options.length || from === to) return;
    const options = [...ordered.options];
    options.splice(to, 0, ...options.splice(from, 1));
    save(options);
  };
  items.append(...ordered.options.map((option, n) => item(option, n, ordered, move)));
  const unknown = button("?", () => write(ordered.options.map((o) => ({ row: o.row, column: ordered.column, text: "?" }))), `Nobody knows how ${ordered.whose} orders ${ordered.issue}`);
  made.append(head, items, unknown);
  return made;
}

/** @param {Option_} option @param {number} n @param {Ordered} ordered @param {(from: number, to: number) => void} move */
function item(option, n, ordered, move) {
  const made = document.createElement("li"), words = document.createElement("span");
  made.draggable = true;
  made.classList.toggle("unknown", option.rank === "?" || option.rank === "");
  words.textContent = option.words;
  made.append(words, button("↑", () => move(n, n - 1), `${option.words}: better (${ordered.whose})`), button("↓", () => move(n, n + 1), `${option.words}: worse (${ordered.whose})`));
  const kind = `application/x-${ordered.column}-${ordered.options[0].row}`; // within its own list only
  made.addEventListener("dragstart", (event) => event.dataTransfer?.setData(kind, String(n)));
  made.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes(kind)) event.preventDefault();
  });
  made.addEventListener("drop", (event) => {
    event.preventDefault();
    move(Number(event.dataTransfer?.getData(kind)), n);
  });
  return made;
}
