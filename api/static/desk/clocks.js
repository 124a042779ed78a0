/** Service levels and promises with the time that is left: green, amber from the warning on, red with what is missed. */

import { el } from "../dom.js";
import { ticking } from "./countdown.js";
import { secondsUntil, span } from "./servertime.js";
import { moment } from "./words.js";

const KINDS = { first_response: "First reply", next_response: "Reply", resolution: "Solve" };
const SOON_SECONDS = 3600;

/** A chip for one clock. `full` also names the time of day. */
export function clock({ kind, state, due_at: due, left_seconds: left, warned }, full = false) {
  const name = KINDS[kind] ?? kind;
  if (!due) return el("span", { class: "chip paused", title: `${name}: the clock is paused` }, name, el("b", null, left === null ? "paused" : `paused at ${span(left)}`));
  return chip(name, due, full, (seconds) => {
    if (seconds <= 0 || state === "breached") return "missed";
    return warned ? "soon" : "good";
  });
}

/** A chip for one open promise. */
export function promised({ due_at: due, state }, full = false) {
  return chip("Promised", due, full, (seconds) => {
    if (seconds <= 0 || state === "broken") return "missed";
    return seconds < SOON_SECONDS ? "soon" : "good";
  });
}

/** All that an item must keep, the nearest first; `atMost` of them. */
export function chips(item, atMost = Infinity, full = false) {
  const clocks = item.sla.map((one) => ({ due: one.due_at, node: () => clock(one, full) }));
  const open = item.commitments.filter((one) => !one.closed_at && one.state !== "withdrawn");
  const all = [...clocks, ...open.map((one) => ({ due: one.due_at, node: () => promised(one, full) }))];
  const late = (one) => (one.due ? Date.parse(one.due) : Infinity);
  return all.sort((one, other) => late(one) - late(other)).slice(0, atMost).map((one) => one.node());
}

function chip(name, due, full, look) {
  const left = el("b");
  const node = el("span", { class: "chip", title: `${name}: due ${moment(due)}` }, name, left, full && el("span", { class: "at" }, moment(due)));
  return ticking(node, () => {
    const seconds = secondsUntil(due);
    node.className = `chip ${look(seconds)}`;
    left.textContent = seconds > 0 ? `${span(seconds)}${full ? " left" : ""}` : `${span(-seconds)} late`;
  });
}
