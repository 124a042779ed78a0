/** The ring that empties while an offer runs out, and all other texts that change with time alone. */

import { el } from "../dom.js";
import { secondsUntil, serverNow, span } from "./servertime.js";

const SVG = "http://www.w3.org/2000/svg";
const LAST_SECONDS = 10;

export function ring(until, length) {
  const picture = shape("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
  picture.append(
    shape("circle", { cx: 20, cy: 20, r: 17, class: "track" }),
    shape("circle", { cx: 20, cy: 20, r: 17, class: "left", pathLength: 100, transform: "rotate(-90 20 20)" }),
  );
  const node = el("span", { class: "ring", "data-until": until, "data-length": length, role: "timer" }, picture, el("b"));
  turn(node);
  return node;
}

/** `before 4 min after`, kept true by `tick`. */
export function since(instant, before, after = "") {
  const node = el("span", { "data-since": instant, "data-before": before, "data-after": after });
  count(node);
  return node;
}

export function tick() {
  document.querySelectorAll("[data-until]").forEach(turn);
  document.querySelectorAll("[data-since]").forEach(count);
}

function turn(node) {
  const left = Math.max(0, secondsUntil(node.dataset.until));
  const share = Math.min(100, (100 * left) / Number(node.dataset.length));
  node.querySelector(".left").setAttribute("stroke-dasharray", `${share} 100`);
  node.querySelector("b").textContent = String(Math.ceil(left));
  node.setAttribute("aria-label", `${Math.ceil(left)} seconds left`);
  node.classList.toggle("late", left < LAST_SECONDS);
}

function count(node) {
  const { since: start, before, after } = node.dataset;
  node.textContent = `${before} ${span((serverNow() - Date.parse(start)) / 1000)} ${after}`.trim();
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
