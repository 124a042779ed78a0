/** Everything that changes with time alone: the ring of an offer, and texts that count. */

import { el } from "../dom.js";
import { secondsUntil, serverNow, span } from "./servertime.js";

const SVG = "http://www.w3.org/2000/svg";
const LAST_SECONDS = 10;

/** `turn(node)` draws the node as it is at this moment, now and whenever `tick` is called. */
export function ticking(node, turn) {
  node.dataset.ticks = "";
  node.turn = () => turn(node);
  node.turn();
  return node;
}

export function tick() {
  document.querySelectorAll("[data-ticks]").forEach((node) => node.turn());
}

/** The ring that empties while an offer runs out. */
export function ring(until, length) {
  const left = shape("circle", { cx: 20, cy: 20, r: 17, class: "left", pathLength: 100, transform: "rotate(-90 20 20)" });
  const picture = shape("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
  picture.append(shape("circle", { cx: 20, cy: 20, r: 17, class: "track" }), left);
  const number = el("b");
  return ticking(el("span", { class: "ring", role: "timer" }, picture, number), (node) => {
    const seconds = Math.max(0, secondsUntil(until));
    left.setAttribute("stroke-dasharray", `${Math.min(100, (100 * seconds) / length)} 100`);
    number.textContent = String(Math.ceil(seconds));
    node.setAttribute("aria-label", `${Math.ceil(seconds)} seconds left`);
    node.classList.toggle("late", seconds < LAST_SECONDS);
  });
}

/** `before 4 min after`, kept true. */
export function since(instant, before, after = "") {
  return ticking(el("span", { class: "since" }), (node) => {
    node.textContent = `${before} ${span((serverNow() - Date.parse(instant)) / 1000)} ${after}`.trim();
  });
}

/** `before 4 min`, and `over` once the instant has come. */
export function until(instant, before, over) {
  return ticking(el("span", { class: "since" }), (node) => {
    const seconds = secondsUntil(instant);
    node.textContent = seconds > 0 ? `${before} ${span(seconds)}` : over;
  });
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
