/** The presence switch and the agent's load. */

import { el } from "../dom.js";
import { redraw } from "./redraw.js";

const CHOICES = { available: "Available", away: "Away", offline: "Offline" };

export function showPresence({ agent }, onChoose) {
  redraw(document.getElementById("presence"), agent.presence, () =>
    Object.entries(CHOICES).map(([presence, title]) =>
      el("button", { type: "button", class: presence, "data-focus": presence, "aria-pressed": String(agent.presence === presence), click: () => onChoose(presence) },
        el("i", { "aria-hidden": "true" }), title, presence === "available" && el("kbd", null, "P"))));
  document.getElementById("load").replaceChildren(...load(agent));
  document.getElementById("me").textContent = agent.name;
}

function load({ load: taken, capacity }) {
  const pips = Array.from({ length: capacity }, (_, place) => el("i", { class: place < taken ? "taken" : "" }));
  return [el("span", { class: "pips", "aria-hidden": "true" }, pips), `${taken} of ${capacity} taken`];
}
