// The panel: a package that one builds, and what it would meet at home.
import { readDraws } from "./draws.js";
import { answer } from "./answer.js";
import { average } from "./normal.js";
import { Steps, readTail, startFrom, writeTail } from "./state.js";
import { fill, make } from "./element.js";
import { buildOptions, showOptions, tellEffects } from "./options.js";
import { drawBars } from "./bars.js";
import { buildSides, sayBlocks, sayNeverAsked, sayPrices, sayVerdict, sayWords, showSides } from "./verdict.js";
import { buildHearers, showHearers } from "./hearers.js";
import { buildMap, showMap } from "./map.js";
import { sayDistances, showPins } from "./pins.js";
import { number, setLanguage, tr } from "./words.js";

/**
 * Read what the page carries and build the panel where its place is.
 * @param {Document} page
 */
export async function start(page) {
  const place = page.getElementById("panel"), data = page.getElementById("panel-data");
  if (!place || !(data?.textContent || place.dataset.from)) return;
  try {
    const model = data ? JSON.parse(data.textContent ?? "") : await (await fetch(place.dataset.from ?? "")).json();
    setLanguage(model.language);
    model.draws = await readDraws(model.pack);
    new Panel(model, place).show();
  } catch (error) {
    fill(place, tr("This browser cannot build packages ({error}). The tables below hold all that the run says.", { error }));
  }
}

/** The panel and what is chosen in it. */
class Panel {
  /**
   * @param {any} model
   * @param {HTMLElement} place
   */
  constructor(model, place) {
    this.model = model;
    this.first = likeliest(model);
    this.steps = new Steps(readTail(model, location.hash) ?? startFrom(model, this.first));
    /** @type {{name: string, state: any, answer: any}[]} */
    this.pins = [];
    this.compared = -1;
    this.declared = model.sides.map((/** @type {any} */ side, /** @type {number} */ s) => side.clauses.map((/** @type {any} */ c, /** @type {number} */ n) => middle(model, c, s, n)));
    this.build(place);
    addEventListener("hashchange", () => {
      const read = readTail(model, location.hash);
      if (read && writeTail(read) !== writeTail(this.steps.now)) this.choose(read);
    });
  }

  /** @param {HTMLElement} place */
  build(place) {
    const model = this.model;
    this.toolbar = this.buildToolbar();
    this.options = buildOptions(model, (k, o) => this.change({ terms: this.steps.now.terms.map((t, n) => (n === k ? o : t)) }));
    this.verdict = make("p", { class: "verdict", "aria-live": "polite" });
    this.notes = make("div", { class: "notes" });
    this.bars = make("div", {});
    this.sides = buildSides(model, (at, value) => this.change({ limits: moveLimit(this.steps.now.limits, at, value) }));
    this.hearers = buildHearers(model, (name, stand) => this.change({ words: speak(this.steps.now.words, name, stand) }), (costs) => this.change({ costs }));
    this.pinned = make("div", { class: "pins" });
    this.map = model.map ? buildMap(model, (terms) => this.change({ terms })) : null;
    const { count, every, error } = model.draws;
    const close = count === every ? tr("All {every} draws of the run.", { every })
      : tr("{count} of the run's {every} draws: a chance may differ from the run's by up to {points} points, nine times in ten. A proposal as it stands has the run's own numbers.", { count, every, points: number(100 * error, 1) });
    const right = make("div", { class: "outcome" }, this.verdict, this.notes, this.bars,
      make("p", { class: "legend" }, tr("Per cent who would rather have this than no deal: mark the mean, thick line 50 %, thin line 90 % interval; grey where the rule asks for it.")),
      this.sides, make("h4", {}, tr("Who speaks")), this.hearers, make("h4", {}, tr("Compare")), this.pinned,
      ...(this.map ? [make("h4", {}, tr("Where it lies among all packages")), this.map] : []), make("p", { class: "legend" }, close));
    const sides = model.sides.map((/** @type {any} */ s) => s.label).join(tr(", "));
    const rule = tr("Bars under an option: how well each side likes it by its declared order ({sides}); the number is the chance of all leaders with that option instead.", { sides });
    fill(place, this.toolbar, make("div", { class: "columns" }, make("div", {}, make("p", { class: "legend" }, rule), this.options), right));
  }

  buildToolbar() {
    const names = this.model.proposals.map((/** @type {any} */ p, /** @type {number} */ n) => make("option", { value: n }, p.later ? tr("{proposal} (later than the evidence)", { proposal: p.label }) : p.label));
    this.starts = make("select", { onchange: (/** @type {any} */ e) => this.choose({ ...this.steps.now, ...pick(startFrom(this.model, Number(e.target.value))) }) },
      make("option", { value: -1 }, tr("nothing settled")), ...names);
    /** @type {(name: string, act: () => void) => any} */
    const button = (name, act) => make("button", { type: "button", onclick: act }, name);
    this.back = button(tr("Undo"), () => this.go(-1));
    this.forth = button(tr("Redo"), () => this.go(1));
    return make("div", { class: "toolbar", role: "toolbar", "aria-label": tr("Package") },
      make("label", {}, `${tr("Start from")} `, this.starts), this.back, this.forth,
      button(tr("Reset"), () => this.choose(startFrom(this.model, this.first))), button(tr("Pin"), () => this.pin()),
      this.link = make("button", { type: "button", onclick: () => this.copy() }, tr("Copy link")),
      button(tr("Save picture"), () => this.save()));
  }

  /** @param {Partial<import("./state.js").State>} part */
  change(part) {
    this.choose({ ...this.steps.now, ...part });
  }

  /** @param {import("./state.js").State} state */
  choose(state) {
    this.steps.add(state);
    this.show();
  }

  /** @param {number} by */
  go(by) {
    this.steps.move(by);
    this.show();
  }

  show() {
    const { model } = this, state = this.steps.now, found = answer(model, state);
    const beside = this.pins[this.compared]?.answer ?? null;
    this.found = found;
    history.replaceState(null, "", writeTail(state));
    this.starts.value = String(state.start);
    this.back.disabled = !this.steps.can(-1);
    this.forth.disabled = !this.steps.can(1);
    fill(this.verdict, sayVerdict(model, found));
    const said = [sayWords(model, state), sayBlocks(model, found), sayPrices(model, found), sayNeverAsked(model, state.terms), sayDistances(model, state)].filter(Boolean);
    fill(this.notes, ...said.map((s) => make("p", {}, s)));
    fill(this.bars, drawBars(model, found, beside, this.asks(state)));
    showSides(model, state, found, beside, this.sides, this.declared);
    showHearers(model, state, this.hearers);
    showOptions(model, state, this.options);
    tellEffects(model, state, this.options, () => this.steps.now === state);
    if (this.map) showMap(model, found, beside, this.map);
    showPins(model, this.pins, this.compared, this.pinned, {
      compare: (n) => { this.compared = n; this.show(); },
      open: (n) => this.choose(this.pins[n].state),
      drop: (n) => { this.pins.splice(n, 1); this.compared = Math.min(this.compared, this.pins.length - 1); this.show(); },
    });
  }

  /**
   * What clauses ask of single constituencies, for the picture.
   * @param {any} state
   */
  asks(state) {
    /** @type {Record<number, {low: number, high: number}>} */
    const found = {};
    this.model.sides.forEach((/** @type {any} */ side, /** @type {number} */ s) => side.clauses.forEach((/** @type {any} */ clause, /** @type {number} */ n) => {
      if (clause.weights.length !== 1 || clause.kind === "vote") return;
      const moved = state.limits[`${s}.${n}`], drawn = this.model.draws.cells.get(`limit:${s},${n}`);
      found[clause.weights[0][0]] = moved === undefined ? { low: Math.min(...drawn), high: Math.max(...drawn) } : { low: moved, high: moved };
    }));
    return found;
  }

  pin() {
    const name = this.found?.exact?.label ?? tr("Package {number}", { number: this.pins.length + 1 });
    this.pins.push({ name, state: this.steps.now, answer: this.found });
    this.compared = this.pins.length - 1;
    this.show();
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    this.link.textContent = done ? tr("Link copied") : tr("Link is in the address bar");
    setTimeout(() => { this.link.textContent = tr("Copy link"); }, 2000);
  }

  /** Save what the bars show, with the package and the verdict under it. */
  save() {
    const model = this.model, state = this.steps.now;
    const drawn = this.bars.querySelector("svg").cloneNode(true);
    const lines = [sayVerdict(model, this.found), ...model.issues.map((/** @type {any} */ i, /** @type {number} */ k) => `${i.label}: ${state.terms[k] >= 0 ? i.options[state.terms[k]].label : tr("left open")}`)];
    const [, , wide, high] = drawn.getAttribute("viewBox").split(" ").map(Number);
    lines.forEach((line, n) => drawn.append(make("text", { x: 8, y: high + 16 + 14 * n, "font-size": 11 }, line)));
    drawn.setAttribute("viewBox", `0 0 ${wide} ${high + 24 + 14 * lines.length}`);
    drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    drawn.prepend(make("rect", { width: "100%", height: "100%", fill: "#fff" }));
    const text = new XMLSerializer().serializeToString(drawn);
    make("a", { download: "package.svg", href: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}` }).click();
  }
}

/**
 * The proposal that the study is about and that all leaders are likeliest to carry; -1 where there is none.
 * @param {any} model
 * @returns {number}
 */
function likeliest(model) {
  const asked = [...model.proposals.keys()].filter((n) => model.proposals[n].asked);
  return asked.reduce((best, n) => (best < 0 || model.proposals[n].all > model.proposals[best].all ? n : best), -1);
}

/**
 * The package of a start, and not who speaks or what was moved.
 * @param {import("./state.js").State} state
 */
function pick({ terms, start: from }) {
  return { terms, start: from };
}

/**
 * @param {any} model
 * @param {any} clause
 * @param {number} s
 * @param {number} n
 * @returns {number}
 */
function middle(model, clause, s, n) {
  return clause.kind === "vote" ? clause.at_least : average(model.draws.cells.get(`limit:${s},${n}`));
}

/**
 * @param {Record<string, number>} limits
 * @param {string} at
 * @param {number | null} value
 * @returns {Record<string, number>}
 */
function moveLimit(limits, at, value) {
  const { [at]: _, ...others } = limits;
  return value === null ? others : { ...others, [at]: value };
}

/**
 * @param {Record<string, string>} words
 * @param {string} name
 * @param {string} stand
 * @returns {Record<string, string>}
 */
function speak(words, name, stand) {
  const { [name]: _, ...others } = words;
  return stand ? { ...others, [name]: stand } : others;
}
