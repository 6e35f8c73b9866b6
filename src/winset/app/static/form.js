// A row of a sheet as a form: every column by its name, what it is for, what it is chosen from, what is wrong in it.
import { button } from "./button.js";
import { offer } from "./helper.js";

/** @typedef {{column: number, name: string, says: string, text: string, choices: import("./helper.js").Choices | undefined}} Field */
/** @typedef {{title: string, side: string, fields: Field[], write: (column: number, text: string) => void, acts: [string, (() => void) | null][]}} Row */

/** Put it up; what comes back puts cells that changed and mistakes that came into it.
 * @param {HTMLElement} place @param {Row} row @returns {(text: (column: number) => string, wrong: (column: number) => string) => void} */
export function drawForm(place, row) {
  const made = document.createElement("fieldset"), title = document.createElement("legend");
  title.textContent = row.title;
  const lines = row.fields.map((field) => line(field, row));
  const acts = document.createElement("p");
  acts.className = "acts";
  acts.append(...row.acts.map(([name, act]) => {
    const press = button(name, act ?? (() => {}));
    press.disabled = !act;
    return press;
  }));
  made.append(title, ...lines.map(({ block }) => block), acts);
  place.replaceChildren(made);
  place.hidden = false;
  lines[0]?.input.focus();
  return (text, wrong) => lines.forEach(({ field, input, said }) => {
    if (document.activeElement !== input) input.value = text(field.column);
    said.textContent = wrong(field.column);
    input.setAttribute("aria-invalid", String(Boolean(said.textContent)));
  });
}

/** @param {Field} field @param {Row} row */
function line(field, row) {
  const block = document.createElement("div"), label = document.createElement("label"), input = document.createElement("input");
  const about = document.createElement("span"), said = document.createElement("span"), id = `field-${field.column}`;
  Object.assign(input, { value: field.text, type: "text" });
  input.setAttribute("aria-describedby", `${id}-about ${id}-wrong`);
  label.append(`${field.name} `, input);
  Object.assign(about, { id: `${id}-about`, className: "small", textContent: field.says });
  Object.assign(said, { id: `${id}-wrong`, className: "warn" });
  const write = (/** @type {string} */ text) => {
    input.value = text;
    row.write(field.column, text);
  };
  input.addEventListener("change", () => write(input.value));
  block.append(label, about, said);
  if (field.choices?.kind === "rule") {
    const helper = document.createElement("div"), clauses = () => offer(helper, { text: input.value, says: "", choices: field.choices, side: row.side, write: (text) => { write(text); clauses(); }, back: () => input.focus() });
    clauses();
    block.append(helper);
  } else if (field.choices) {
    block.append(list(field.choices.of, row.side, id));
    input.setAttribute("list", id);
  }
  return { block, field, input, said };
}

/** What may be chosen, of the row's own side. @param {[string, string, string][]} of @param {string} side @param {string} id */
function list(of, side, id) {
  const made = document.createElement("datalist");
  made.id = id;
  const open = of.filter(([, , own]) => !own || !side || own === side);
  made.append(...open.map(([value, words, own]) => new Option(words && own && !side ? `${words}, ${own}` : words || value, value)));
  return made;
}
