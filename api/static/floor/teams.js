/** The teams: what waits, for how long, and under which pressure. */

import { el } from "../dom.js";
import { since } from "../desk/countdown.js";
import { depth, pressure, wait } from "../desk/teams.js";

export function teams(all) {
  return all.map((team) => el("article", { class: `standing ${team.pressure}` },
    el("header", null, el("h3", null, team.title), pressure(team.pressure, team.pressure_since)),
    el("p", { class: "big" }, el("b", null, String(team.waiting)), " waiting"),
    el("dl", null,
      line("Oldest", team.waiting_since ? since(team.waiting_since, "") : "nobody waits"),
      line("Wait now", wait(team) || "none"),
      line("Here", `${team.available} available`)),
    el("span", { class: "unseen" }, depth(team))));
}

const line = (name, value) => el("div", null, el("dt", null, name), el("dd", null, value));
