// Acceptance of every constituency: mark the mean, thick line half of the draws, thin line nine in ten.
import { COLOURS, make } from "./element.js";
import { points, span } from "./phrases.js";
import { tr } from "./words.js";

const WIDE = 520, LEFT = 190, RIGHT = 120, ROW = 22, HEAD = 18, TOP = 18;

/** @param {number} share */
const across = (share) => LEFT + share * (WIDE - LEFT - RIGHT);

/**
 * @param {any} model
 * @param {any} answer
 * @param {any | null} pinned answer to compare with
 * @param {any} asked by group, what its clause asks: {low, high} or undefined
 */
export function drawBars(model, answer, pinned, asked) {
  let high = TOP, side = -1;
  const rows = model.groups.flatMap((/** @type {any} */ group, /** @type {number} */ g) => {
    const head = group.side === side ? [] : [make("text", { x: 4, y: (high += HEAD) - 4, class: "of" }, model.sides[group.side].label)];
    side = group.side;
    high += ROW;
    return [...head, row(group, high - ROW / 2, answer.groups[g], answer.priced[g], pinned?.groups[g], asked[g])];
  });
  high += 6;
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((x) => [
    make("line", { x1: across(x), x2: across(x), y1: TOP - 4, y2: high - 4, class: x === 0.5 ? "half" : "tick" }),
    make("text", { x: across(x), y: 11, "text-anchor": "middle", class: "axis" }, `${100 * x}`),
  ]);
  const said = model.groups.map((/** @type {any} */ group, /** @type {number} */ g) => `${group.label} ${span(answer.groups[g])}`).join("; ");
  return make("svg", { viewBox: `0 0 ${WIDE} ${high}`, class: "bars", role: "img", "aria-label": tr("Acceptance in per cent, mean and 90 % interval: {groups}", { groups: said }) },
    ...ticks, ...rows);
}

/**
 * @param {any} group
 * @param {number} y
 * @param {any} x
 * @param {number} priced what broken pledges leave of the mean
 * @param {any | undefined} before
 * @param {any | undefined} asked
 */
function row(group, y, x, priced, before, asked) {
  const colour = COLOURS[group.side % COLOURS.length];
  const label = group.label.length > 30 ? `${group.label.slice(0, 29)}…` : group.label;
  const change = before ? ` ${points(x.mean - before.mean)}` : "";
  return make("g", {},
    make("title", {}, tr("{group}: {share} % would rather have this than no deal", { group: group.label, share: span(x) })),
    asked ? make("rect", { x: across(asked.low) - 1, y: y - 9, width: Math.max(across(asked.high) - across(asked.low), 0) + 2, height: 18, class: "asked" }) : null,
    make("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, label),
    make("line", { x1: across(x.low), x2: across(x.high), y1: y, y2: y, stroke: colour, "stroke-width": 1.5 }),
    make("line", { x1: across(x.lower), x2: across(x.upper), y1: y, y2: y, stroke: colour, "stroke-width": 5 }),
    before ? make("circle", { cx: across(before.mean), cy: y, r: 4.5, class: "before" }) : null,
    make("circle", { cx: across(x.mean), cy: y, r: 4.5, fill: colour }),
    points(priced - x.mean) === points(0) ? null : make("line", { x1: across(priced), x2: across(priced), y1: y - 8, y2: y + 8, stroke: colour, "stroke-width": 2, "stroke-dasharray": "3 2" }),
    make("text", { x: WIDE - RIGHT + 10, y: y + 4, class: "number" }, span(x) + change));
}
