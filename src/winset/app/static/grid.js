// A sheet as a grid: type, paste, delete rows, undo; what is wrong stands at its cell.
import { button } from "./button.js";
import { drawForm } from "./form.js";
import { renew } from "./fresh.js";
import { offer } from "./helper.js";
import { drawOrders, readOrders } from "./order.js";

const grid = /** @type {HTMLElement} */ (document.getElementById("grid"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const study = encodeURIComponent(grid.dataset.study ?? ""), editable = "editable" in grid.dataset;
const back = /** @type {HTMLButtonElement | null} */ (document.getElementById("undo"));
const forth = /** @type {HTMLButtonElement | null} */ (document.getElementById("redo"));
const helper = document.getElementById("helper"), filling = document.getElementById("filling"), order = document.getElementById("order"), ordering = document.getElementById("ordering");
let sheet = "", tag = "", wanted = "";
/** @type {string[][]} */
let rows = [];
/** What each column is for, by its heading.
 * @type {Record<string, string>} */
let says = {};
/** What the cells of each column are chosen from.
 * @type {Record<string, import("./helper.js").Choices>} */
let choices = {};
/** Changes that were made, each {sheet, cells: [address, before, after]}, and how many of them stand.
 * @type {{sheet: string, cells: [string, string, string][]}[]} */
let changes = [];
let standing = 0;
/** What is wrong, by cell.
 * @type {Record<string, string>} */
let wrongs = {};
/** Whether what the server last had of the sheet could not be shown, as somebody was typing. */
let late = false;
/** Changes are sent one after the other. */
let sending = Promise.resolve();
/** The row of the cell that was last in use. */
let left = 0;
/** The row that is shown as a form: it takes what changed in its cells, and what is wrong in them.
 * @type {{row: number, tell: (text: (column: number) => string, wrong: (column: number) => string) => void} | null} */
let shown = null;
/** The page around the sheet is put as it stands a moment after the last change. */
let renewing = 0;

/** @param {number} n from 0 @returns {string} */
function letter(n) {
  return (n >= 26 ? letter(Math.floor(n / 26) - 1) : "") + String.fromCharCode(65 + (n % 26));
}

/** @param {number} r @param {number} c */
const address = (r, c) => `${letter(c)}${r + 1}`;

/** @param {string} at */
function cellAt(at) {
  return /** @type {HTMLElement | null} */ (grid.querySelector(`[data-at="${at}"]`));
}

/** @param {string} name */
async function open(name) {
  wanted = name;
  const answer = await fetch(`/studies/${study}/sheets/${encodeURIComponent(name)}`, { headers: { accept: "application/json" } });
  const found = await answer.json();
  if (wanted !== name) return;
  if (!answer.ok) {
    say(found.error, true);
    return;
  }
  [sheet, tag, rows, says, choices] = [name, found.tag, found.rows, found.says, found.choices];
  draw();
  mark(found.wrong);
  if (helper) helper.hidden = true;
  left = 0;
  closeForm();
  showOrders(false);
  document.querySelectorAll("[role=tab]").forEach((t) => t.setAttribute("aria-selected", String(/** @type {HTMLElement} */ (t).dataset.sheet === name)));
}

function draw() {
  const table = document.createElement("table"), head = table.createTHead().insertRow();
  const named = headingRow();
  head.append(document.createElement("th"), ...(rows[0] ?? []).map((_, c) => columnHead(c, named)));
  const body = table.createTBody();
  rows.forEach((row, r) => {
    const line = body.insertRow();
    if (r < named) line.append(heading(String(r + 1), "row"), note(row));
    else line.append(r > named ? rowHead(r) : heading(String(r + 1), "row"), ...row.map((text, c) => field(text, r, c)));
    line.classList.toggle("named", r === named);
    if (r === named) [...line.cells].slice(1).forEach((cell, c) => { cell.title = says[row[c]] ?? ""; });
  });
  grid.replaceChildren(table);
}

/** The row that holds the headings: the first of which more than one cell is filled. */
function headingRow() {
  return rows.findIndex((row) => row.filter(Boolean).length > 1);
}

/** The letter of a column: pressed, it sorts the rows by it, and back; not where empty cells repeat what stands above.
 * @param {number} c @param {number} named */
function columnHead(c, named) {
  const made = heading("", "col");
  if (!editable || ["Start", "Terms", "War", "Experiments", "Codings", "More"].includes(sheet) || !rows[named]?.[c]) {
    made.textContent = letter(c);
    return made;
  }
  const sort = button(letter(c), () => sortBy(c, named));
  sort.title = `Sort the rows by ${rows[named][c]}`;
  made.append(sort);
  return made;
}

/** @param {number} c @param {number} named */
function sortBy(c, named) {
  const filled = rows.slice(named + 1).filter((row) => row.some(Boolean));
  const by = (/** @type {number} */ sign) => [...filled].sort((a, b) => (a[c] && b[c]
    ? sign * a[c].localeCompare(b[c], undefined, { numeric: true })
    : Number(!a[c]) - Number(!b[c]))); // empty cells last
  const up = by(1), down = by(-1);
  const wanted_ = up.every((row, n) => row === filled[n]) ? down : up;
  take(rows.slice(named + 1).flatMap((row, n) => ownColumns(named).map((k) => /** @type {[string, string, string]} */ ([address(named + 1 + n, k), row[k] ?? "", wanted_[n]?.[k] ?? ""]))));
}

/** Columns that people fill in, and no program works out. @param {number} named */
function ownColumns(named) {
  return (rows[named] ?? []).flatMap((text, c) => (text.startsWith("(") ? [] : [c]));
}

/** What stands above the headings is one line of help. @param {string[]} row */
function note(row) {
  const made = document.createElement("td");
  made.colSpan = row.length;
  made.className = "note";
  made.textContent = row.join(" ").trim();
  return made;
}

/** @param {string} text @param {string} scope */
function heading(text, scope) {
  const made = document.createElement("th");
  made.scope = scope;
  made.textContent = text;
  return made;
}

/** The number of a row: pressed, it offers what can be done with the row. @param {number} r */
function rowHead(r) {
  const made = heading("", "row");
  if (!editable) {
    made.textContent = String(r + 1);
    return made;
  }
  const number = button(String(r + 1), () => {
    const open_ = made.querySelector(".row-acts");
    grid.querySelectorAll(".row-acts").forEach((acts) => acts.remove());
    if (open_) return;
    const acts = document.createElement("span");
    acts.className = "row-acts";
    acts.append(button("Delete row", () => shift(r, 1)), button("Insert above", () => shift(r, -1)), button("As a form", () => showForm(r)));
    made.append(acts);
  });
  number.title = `Row ${r + 1}: fill it in as a form, delete it, or make room above it`;
  made.append(number);
  return made;
}

/** Move all rows from one on: up by one, over it, or down by one. @param {number} r @param {1 | -1} by */
function shift(r, by) {
  if (by < 0 && rows[rows.length - 1].some(Boolean)) rows.push(rows[0].map(() => ""));
  const own = ownColumns(headingRow());
  /** @type {[string, string, string][]} */
  const cells = rows.slice(r).flatMap((row, n) => own.map((c) => {
    const from = by < 0 && !n ? undefined : rows[r + n + by];
    return /** @type {[string, string, string]} */ ([address(r + n, c), row[c] ?? "", from?.[c] ?? ""]);
  }));
  draw();
  take(cells);
}

/** @param {string} text @param {number} r @param {number} c */
function field(text, r, c) {
  const made = document.createElement("td");
  made.textContent = text;
  made.dataset.at = address(r, c);
  if (!editable) return made;
  const on = sheet, held = rows; // the cell may be left because another sheet takes its place
  made.contentEditable = "plaintext-only";
  made.tabIndex = 0;
  made.addEventListener("focus", () => {
    left = r;
    getSelection()?.selectAllChildren(made);
    help(made, r, c);
  });
  made.addEventListener("input", () => help(made, r, c));
  made.addEventListener("blur", () => take([[made.dataset.at ?? "", held[r][c], made.textContent ?? ""]], on));
  made.addEventListener("keydown", (event) => move(event, r, c));
  made.addEventListener("paste", (event) => paste(event, r, c));
  return made;
}

/** What may stand in a cell, below the sheet. @param {HTMLElement} cell @param {number} r @param {number} c */
function help(cell, r, c) {
  const named = headingRow(), heads = rows[named] ?? [];
  if (!helper || r <= named) return;
  const side = rows[r]?.[heads.indexOf(sheet === "Sides" ? "Side id" : "Side")] ?? "";
  const here = () => cellAt(address(r, c)) ?? cell; // the sheet may have been drawn anew
  const write = (/** @type {string} */ text) => {
    here().textContent = text;
    take([[address(r, c), rows[r][c], text]]);
    rows[r][c] = text;
    here().focus();
  };
  offer(helper, { text: cell.textContent ?? "", says: says[heads[c]] ?? "", choices: choices[c], side, write, back: () => here().focus() });
}

/** A row as a form; below the last one it is a new row. @param {number} r */
function showForm(r) {
  if (!filling) return;
  const named = headingRow(), heads = rows[named] ?? [];
  while (rows.length <= r) rows.push(rows[0].map(() => ""));
  draw();
  mark(wrongs);
  const fields = ownColumns(named).filter((c) => heads[c]).map((c) => ({ column: c, name: heads[c], says: says[heads[c]] ?? "", text: rows[r][c] ?? "", choices: choices[c] }));
  const side = rows[r][heads.indexOf(sheet === "Sides" ? "Side id" : "Side")] ?? "";
  const last = rows.findLastIndex((row) => row.some(Boolean));
  const tell = drawForm(filling, { title: `${sheet}, row ${r + 1}`, side, fields,
    write: (c, text) => take([[address(r, c), rows[r][c] ?? "", text]]),
    acts: [["Row before", r - 1 > named ? () => showForm(r - 1) : null], ["Next row", r < last ? () => showForm(r + 1) : null],
      ["New row", () => showForm(rows.findLastIndex((row) => row.some(Boolean)) + 1)], ["Close the form", closeForm]] });
  shown = { row: r, tell };
  mark(wrongs);
}

/** The row that was last left, or the first. */
function showNear() {
  showForm(Math.max(left, headingRow() + 1));
}

function closeForm() {
  shown = null;
  if (filling) filling.hidden = true;
}

/** Lists to drag options in, or none. @param {boolean} shown */
function showOrders(shown) {
  if (!order || !ordering) return;
  ordering.hidden = sheet !== "Terms" || !readOrders(rows).length;
  ordering.setAttribute("aria-expanded", String(shown));
  order.hidden = !shown;
  if (shown) drawOrders(order, rows, (ranks) => take(ranks.map(({ row, column, text }) => [address(row, column), rows[row][column], text])));
}

/** The cell above again, into one cell or down to the last filled row. @param {number} r @param {number} c @param {boolean} all */
function fill(r, c, all) {
  const above = rows[r - 1]?.[c] ?? "";
  if (r - 1 <= headingRow()) return;
  const last = all ? rows.findLastIndex((row) => row.some(Boolean)) : r;
  take(Array.from({ length: Math.max(last - r + 1, 1) }, (_, n) => [address(r + n, c), rows[r + n][c], above]));
}

/** @param {KeyboardEvent} event @param {number} r @param {number} c */
function move(event, r, c) {
  if (event.altKey && event.key === "ArrowDown") {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (helper?.querySelector("button, select"))?.focus();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
    event.preventDefault();
    fill(r, c, event.shiftKey);
    return;
  }
  const step = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  if (event.key === "Escape") {
    const here = /** @type {HTMLElement} */ (event.target);
    here.textContent = rows[r][c];
  } else if (step && !event.shiftKey) {
    event.preventDefault();
    cellAt(address(r + step[0], c + step[1]))?.focus();
  }
}

/** @param {ClipboardEvent} event @param {number} r @param {number} c */
function paste(event, r, c) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  while (rows.length < r + lines.length) rows.push(rows[0].map(() => ""));
  const wide = c + Math.max(...lines.map((line) => line.length));
  rows.forEach((row) => { while (row.length < wide) row.push(""); });
  draw();
  /** @type {[string, string, string][]} */
  const cells = lines.flatMap((line, i) => line.map((value, j) => /** @type {[string, string, string]} */ ([address(r + i, c + j), rows[r + i][c + j], value])));
  take(cells);
}

/** @param {[string, string, string][]} cells @param {string} on */
function take(cells, on = sheet) {
  const changed = cells.filter(([, before, after]) => before.trim() !== after.trim());
  if (!changed.length) return;
  changes = [...changes.slice(0, standing), { sheet: on, cells: changed }];
  standing += 1;
  send(on, changed.map(([at, before, after]) => [at, after, before]));
}

/** @param {string} on @param {string[][]} cells */
function send(on, cells) {
  sending = sending.then(() => post(on, cells));
}

/** @param {string} on @param {string[][]} cells */
async function post(on, cells) {
  say("saving ...");
  const seen = on === sheet ? rowsOf(cells) : {};
  if (on === sheet) {
    cells.forEach(([at, text]) => put(at, text));
    showOrders(!order?.hidden);
  }
  const answer = await fetch(`/studies/${study}/sheets/${encodeURIComponent(on)}`, {
    method: "POST", headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ form: document.body.dataset.form, tag, rows: seen, fresh: late,
      cells: Object.fromEntries(cells.map(([at, text]) => [at, text])), before: Object.fromEntries(cells.map(([at, , was]) => [at, was])) }),
  }).catch(() => null);
  if (!answer) {
    say("The server does not answer; what you typed is not saved. Start it again and load the page.", true);
    return;
  }
  const found = await answer.json();
  if (!answer.ok) {
    say(found.error ?? "This could not be written.", true);
    if (!found.rows) return;
    [changes, standing] = [[], 0]; // what was changed elsewhere meanwhile is not ours to undo
    offerUndo();
    if (on === sheet) {
      show(found.rows);
      mark(found.wrong);
    }
    tag = found.tag;
    return;
  }
  tag = found.tag;
  say("saved");
  if (on === sheet && found.rows) show(found.rows);
  else if (on === sheet) Object.entries(found.cells ?? {}).forEach(([at, text]) => { if (document.activeElement !== cellAt(at)) put(at, text); });
  if (on === sheet) mark(found.wrong);
  list(found.mistakes);
  offerUndo();
}

/** Undo and redo can be pressed where there is something to take back, or to do again. */
function offerUndo() {
  if (back) back.disabled = standing === 0;
  if (forth) forth.disabled = standing === changes.length;
}

/** Whole rows as they were shown, for the server to see that they are still the same; of many cells each tells enough.
 * @param {string[][]} cells @returns {Record<string, string[]>} */
function rowsOf(cells) {
  const numbers = [...new Set(cells.map(([at]) => placeOf(at)[0]))];
  return numbers.length > 50 ? {} : Object.fromEntries(numbers.map((r) => [String(r + 1), rows[r] ?? []]));
}

/** The sheet as it now is; a cell in which somebody is typing stays as it is, and the sheet is shown anew after it.
 * @param {string[][]} fresh */
function show(fresh) {
  const here = /** @type {HTMLElement | null} */ (document.activeElement), at = here?.dataset?.at;
  late = Boolean(at && grid.contains(here) && here?.textContent !== valueAt(at));
  if (late) return;
  if (shown && String(fresh[shown.row]) !== String(rows[shown.row])) closeForm(); // another row may stand there now
  rows = fresh;
  draw();
  if (at) cellAt(at)?.focus();
}

/** Row and column of an address, from 0. @param {string} at @returns {[number, number]} */
function placeOf(at) {
  const [, letters, number] = /** @type {RegExpMatchArray} */ (at.match(/^([A-Z]+)(\d+)$/));
  return [Number(number) - 1, [...letters].reduce((sum, l) => 26 * sum + l.charCodeAt(0) - 64, 0) - 1];
}

/** @param {string} at @param {string} text */
function put(at, text) {
  const [r, c] = placeOf(at), cell = cellAt(at);
  if (rows[r]) rows[r][c] = text;
  if (cell && cell.textContent !== text) cell.textContent = text;
}

/** @param {Record<string, string>} wrong */
function mark(wrong) {
  const row = shown?.row ?? 0;
  wrongs = wrong;
  shown?.tell((c) => rows[row]?.[c] ?? "", (c) => wrong[address(row, c)] ?? "");
  grid.querySelectorAll("td.bad").forEach((cell) => {
    cell.classList.remove("bad");
    cell.removeAttribute("title");
    cell.removeAttribute("aria-invalid");
  });
  for (const [at, said] of Object.entries(wrong)) {
    const cell = cellAt(at);
    cell?.classList.add("bad");
    cell?.setAttribute("title", said);
    cell?.setAttribute("aria-invalid", "true");
  }
}

/** @param {string[]} mistakes @param {boolean} [fresh] whether the page around the sheet may have changed */
function list(mistakes, fresh = true) {
  const block = /** @type {HTMLElement} */ (document.getElementById("wrong"));
  block.hidden = !mistakes.length;
  /** @type {HTMLElement} */ (block.querySelector(".count")).textContent = String(mistakes.length);
  /** @type {HTMLElement} */ (block.querySelector("ul")).replaceChildren(...mistakes.map((m) => {
    const made = document.createElement("li"), place = m.match(/^(\w+)!([A-Z]+\d+)/);
    if (place) made.append(button(place[0], () => goTo(place[1], place[2])), m.slice(place[0].length));
    else made.textContent = m;
    return made;
  }));
  clearTimeout(renewing);
  if (fresh && !mistakes.length) renewing = setTimeout(() => renew("known", "answers"), 500);
  document.querySelectorAll("form[action$='/fit'] button").forEach((b) => { /** @type {HTMLButtonElement} */ (b).disabled = Boolean(mistakes.length); });
}

/** Show a cell, on whatever sheet it stands. @param {string} on @param {string} at */
async function goTo(on, at) {
  if (on !== sheet || on !== wanted) await open(on);
  const cell = cellAt(at);
  cell?.scrollIntoView({ block: "center", inline: "center" });
  cell?.focus();
}

/** @param {string} text @param {boolean} [bad] */
function say(text, bad = false) {
  state.textContent = text;
  state.classList.toggle("warn", bad);
}

/** @param {number} by -1 undo, 1 redo */
async function step(by) {
  const change = changes[by < 0 ? standing - 1 : standing];
  if (!change) return;
  standing += by;
  if (change.sheet !== sheet || change.sheet !== wanted) await open(change.sheet);
  send(change.sheet, change.cells.map(([at, before, after]) => (by < 0 ? [at, before, after] : [at, after, before])));
}

document.querySelectorAll("[role=tab]").forEach((t) => t.addEventListener("click", () => open(/** @type {HTMLElement} */ (t).dataset.sheet ?? "")));
back?.addEventListener("click", () => step(-1));
forth?.addEventListener("click", () => step(1));
document.getElementById("as-form")?.addEventListener("click", showNear);
ordering?.addEventListener("click", () => showOrders(Boolean(order?.hidden)));
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || !editable) return;
  const key = event.key.toLowerCase(), typing = document.activeElement?.matches("td[contenteditable]");
  const here = /** @type {HTMLElement} */ (document.activeElement), at = here?.dataset?.at;
  const dirty = typing && at && here.textContent !== valueAt(at);
  if (dirty || !["z", "y"].includes(key)) return;
  event.preventDefault();
  step(key === "y" || event.shiftKey ? 1 : -1);
});

/** @param {string} at */
function valueAt(at) {
  const [r, c] = placeOf(at);
  return rows[r]?.[c] ?? "";
}

const first = /** @type {HTMLElement | null} */ (document.querySelector("[role=tab]"));
if (first) open(first.dataset.sheet ?? "");
list([...document.querySelectorAll("#wrong li")].map((made) => made.textContent ?? ""), false);
