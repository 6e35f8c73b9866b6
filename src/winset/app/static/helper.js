// What may stand in the cell that is filled in: what the column is for, ids to choose from, and rules built by clicking.
import { button } from "./button.js";

const MOST = 60;

/** @typedef {{kind: string, of: [string, string, string][]}} Choices */
/** @typedef {{text: string, says: string, choices: Choices | undefined, side: string, write: (text: string) => void, back: () => void}} Asked */

/** Show it for a cell. @param {HTMLElement} place @param {Asked} asked */
export function offer(place, asked) {
  const about = document.createElement("p");
  about.textContent = asked.says;
  place.replaceChildren(about);
  if (asked.choices?.kind === "rule") place.append(builder(asked.choices.of, asked));
  else if (asked.choices) place.append(...buttons(asked.choices.of, asked));
  place.hidden = !asked.says && !asked.choices;
  place.onkeydown = (event) => {
    if (event.key === "Escape") asked.back();
  };
}

/** One button for each, those of the row's own side and those that begin as what was typed first.
 * @param {[string, string, string][]} of @param {Asked} asked */
function buttons(of, asked) {
  const typed = asked.text.trim().toLowerCase();
  const near = (/** @type {[string, string, string]} */ [id, words]) => Boolean(typed) && `${id} ${words}`.toLowerCase().includes(typed);
  const own = of.filter(([, , side]) => !side || !asked.side || side === asked.side);
  const sorted = [...own.filter(near), ...own.filter((x) => !near(x))];
  const made = sorted.slice(0, MOST).map(([id, words, side]) => press(id, words && side ? `${words}, ${side}` : words, () => asked.write(id)));
  if (sorted.length > MOST) {
    const more = document.createElement("span");
    more.textContent = `and ${sorted.length - MOST} more; type a part of the one that you mean`;
    made.push(/** @type {any} */ (more));
  }
  return made;
}

/** @param {string} text @param {string} words @param {() => void} act */
function press(text, words, act) {
  const made = button(text, act);
  if (words) {
    const said = document.createElement("span");
    said.textContent = ` ${words}`;
    made.append(said);
  }
  made.addEventListener("mousedown", (event) => event.preventDefault()); // the cell keeps the focus
  return made;
}

/** A rule, clause by clause: who, how, how many; joined to what stands there.
 * @param {[string, string, string][]} of @param {Asked} asked */
function builder(of, asked) {
  const made = document.createElement("form");
  made.className = "rule";
  const own = of.filter(([, , side]) => !side || !asked.side || side === asked.side);
  const join = choose("joined by", [["and", "and"], ["or", "or"]]), who = choose("group", own.map(([id, words]) => [id, words || id]));
  const how = choose("how", [["at least", "accepts, at least"], ["not below", "may stop it below"], ["vote", "votes Yes, at least"]]);
  const least = share("from", "50"), most = share("to, if it is not known", "");
  const turnout = [share("turnout from", ""), share("turnout up to", "")];
  const show = () => {
    turnout.forEach((x) => { x.hidden = field(how) !== "vote"; });
    /** @type {HTMLInputElement} */ (turnout[0].querySelector("input")).required = field(how) === "vote";
  };
  how.addEventListener("change", show);
  const add = press("Add to the rule", "", () => {});
  add.type = "submit";
  made.append(...(asked.text.trim() ? [join] : []), who, how, least, most, ...turnout, add);
  show();
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const clause = field(how) === "vote" ? `vote of ${field(who)} at least ${range(least, most)} turnout ${range(turnout[0], turnout[1])}`
      : `${field(who)} ${field(how)} ${range(least, most)}`;
    const before = asked.text.trim();
    asked.write(before ? `${before} ${field(join)} ${clause}` : clause);
  });
  return made;
}

/** What stands in a field. @param {HTMLElement} label */
function field(label) {
  return /** @type {HTMLInputElement} */ (label.querySelector("select, input")).value.trim();
}

/** A share, or from the smaller to the greater of two. @param {HTMLElement} one @param {HTMLElement} other */
function range(one, other) {
  const both = [...new Set([one, other].map(field).filter(Boolean).map(Number))].sort((a, b) => a - b);
  return `${both.join("-")}%`;
}

/** @param {string} label @param {string[][]} of */
function choose(label, of) {
  const made = document.createElement("label"), list = document.createElement("select");
  list.append(...of.map(([value, words]) => new Option(words, value)));
  made.append(`${label} `, list);
  return made;
}

/** @param {string} label @param {string} value */
function share(label, value) {
  const made = document.createElement("label"), input = document.createElement("input");
  Object.assign(input, { type: "number", min: "0", max: "100", step: "any", value, required: Boolean(value) });
  made.append(`${label} `, input, " %");
  return made;
}
