// The room: every package by what two leaders could carry; a click takes a package from there.
import { COLOURS, make } from "./element.js";
import { percent } from "./phrases.js";
import { tr, trn } from "./words.js";

const SIZE = 380, EDGE = 44;

/**
 * @param {any} model
 * @param {(terms: number[]) => void} take
 */
export function buildMap(model, take) {
  const { squares, steps } = model.map, side = (SIZE - EDGE - 8) / steps;
  const most = Math.log(1 + Math.max(...squares.map((/** @type {any} */ q) => q[2])));
  const cells = squares.map((/** @type {any} */ [x, y, count, terms]) => make("rect", {
    x: EDGE + x * side, y: 8 + (steps - 1 - y) * side, width: side, height: side, class: "square",
    "fill-opacity": 0.15 + 0.7 * Math.log(1 + count) / most, onclick: () => take(terms),
  }, make("title", {}, trn("{n} package; a click takes it", "{n} packages; a click takes one of them", count))));
  const ends = [0, 0.5, 1].flatMap((x) => [
    make("text", { x: EDGE + x * (SIZE - EDGE - 8), y: SIZE - 22, "text-anchor": x ? (x === 1 ? "end" : "middle") : "start", class: "axis" }, `${100 * x} %`),
    make("text", { x: EDGE - 6, y: 8 + (1 - x) * (SIZE - EDGE - 8) + (x === 1 ? 8 : x ? 4 : 0), "text-anchor": "end", class: "axis" }, `${100 * x} %`),
  ]);
  const [one, other] = model.sides.map((/** @type {any} */ s) => s.label);
  const frame = make("rect", { x: EDGE, y: 8, width: SIZE - EDGE - 8, height: SIZE - EDGE - 8, class: "frame" });
  const names = [
    make("text", { x: EDGE + (SIZE - EDGE) / 2, y: SIZE - 6, "text-anchor": "middle", class: "axis" }, tr("{side}: leader could carry it", { side: one })),
    make("text", { x: 12, y: (SIZE - EDGE) / 2, "text-anchor": "middle", class: "axis", transform: `rotate(-90 12 ${(SIZE - EDGE) / 2})` }, tr("{side}: leader could carry it", { side: other })),
  ];
  return make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "map", role: "img" }, frame, ...cells, ...ends, ...names, make("g", { class: "points" }));
}

/**
 * @param {any} model
 * @param {any} answer
 * @param {any | null} pinned
 * @param {SVGElement} map
 */
export function showMap(model, answer, pinned, map) {
  const length = SIZE - EDGE - 8;
  /** @type {(x: number, y: number) => [number, number]} */
  const at = (x, y) => [EDGE + x * length, 8 + (1 - y) * length];
  const points = model.proposals.filter((/** @type {any} */ p) => p.asked).map((/** @type {any} */ p) => {
    const [x, y] = at(p.carried[0], p.carried[1]);
    return make("polygon", { points: `${x},${y - 5} ${x + 5},${y} ${x},${y + 5} ${x - 5},${y}`, class: "proposal" },
      make("title", {}, tr("{package}: {one} and {other}", { package: p.label, one: percent(p.carried[0]), other: percent(p.carried[1]) })));
  });
  if (pinned) {
    const [cx, cy] = at(pinned.carried[0], pinned.carried[1]);
    points.push(make("circle", { cx, cy, r: 6, class: "before" }, make("title", {}, tr("pinned"))));
  }
  const [cx, cy] = at(answer.carried[0], answer.carried[1]);
  points.push(make("circle", { cx, cy, r: 7, fill: COLOURS[1], stroke: "#fff", "stroke-width": 2, class: "here" }, make("title", {}, tr("this package"))));
  /** @type {Element} */ (map.querySelector(".points")).replaceChildren(...points);
  map.setAttribute("aria-label", tr("Map of all {count}: this package at {one} for {side} and {two} for {other}; diamonds are proposals on record", {
    count: model.map.count, one: percent(answer.carried[0]), side: model.sides[0].label, two: percent(answer.carried[1]), other: model.sides[1].label }));
}
