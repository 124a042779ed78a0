/** How the teams stand: who waits, for how long, and under which pressure. */

import { el } from "../dom.js";
import { since } from "./countdown.js";
import { span } from "./servertime.js";

const LEVELS = { normal: "calm", elevated: "busy", critical: "very busy" };

export function pressure(level, began) {
  const name = LEVELS[level] ?? level;
  return el("span", { class: `pressure ${level}` }, el("i", { "aria-hidden": "true" }),
    began && level !== "normal" ? since(began, `${name} for`) : name);
}

export function teamCard(team) {
  return el("li", { class: "team" },
    el("strong", null, team.title),
    pressure(team.pressure, team.pressure_since),
    el("span", { class: `depth${team.waiting ? " waiting" : ""}` }, depth(team)),
    el("span", { class: "wait" }, wait(team) && `wait: ${wait(team)}`),
    el("span", { class: "here" }, `${team.available} available`));
}

const COUNTED = 1000;

/** How many wait; there may be more than are counted. */
export function depth({ waiting }) {
  return `${waiting >= COUNTED ? `${COUNTED} or more` : waiting} waiting`;
}

/** What a customer who comes now would wait. */
export function wait({ waiting, estimated_wait_seconds: seconds }) {
  if (seconds === null) return waiting ? "nobody is here" : "";
  return seconds < 1 ? "none" : `about ${span(seconds)}`;
}
