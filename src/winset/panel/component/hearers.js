// Who speaks for or against the package, and whether broken pledges cost anything.
import { make } from "./element.js";
import { tr } from "./words.js";

/**
 * @param {any} model
 * @param {(name: string, stand: string) => void} speak
 * @param {(on: boolean) => void} price
 */
export function buildHearers(model, speak, price) {
  const rows = model.words.map((/** @type {any} */ word) => make("label", { class: "word" },
    word.silent.length ? tr("{speaker} (not asked in {sides}: prior only)", { speaker: word.label, sides: word.silent.join(tr(", ")) }) : word.label,
    make("select", { "data-word": word.name, onchange: (/** @type {any} */ e) => speak(word.name, e.target.value) },
      make("option", { value: "" }, tr("says nothing")), make("option", { value: "for" }, tr("speaks for it")),
      make("option", { value: "against" }, tr("speaks against it")))));
  const box = make("input", { type: "checkbox", "data-costs": true, onchange: (/** @type {any} */ e) => price(e.target.checked) });
  return make("div", { class: "hearers" }, ...rows, make("label", {}, box, ` ${tr("broken pledges cost their leader support")}`));
}

/**
 * A speaker is heard once: each side's own leader, or leaders by name.
 * @param {any} model
 * @param {any} state
 * @param {Element} block
 */
export function showHearers(model, state, block) {
  const own = state.words.leader;
  const named = Object.keys(state.words).some((n) => n !== "leader");
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (block.querySelectorAll("select"))) {
    const name = select.dataset.word ?? "";
    select.value = state.words[name] ?? "";
    select.disabled = name === "leader" ? named : Boolean(own);
  }
  /** @type {HTMLInputElement} */ (block.querySelector("[data-costs]")).checked = state.costs;
}
