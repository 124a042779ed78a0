/** The agents: whether they are here, what they hold, and how much room they have. */

import { el } from "../dom.js";
import { button } from "../desk/button.js";
import { since, until } from "../desk/countdown.js";
import { issue, moment, presence } from "../desk/words.js";

const ORDER = ["available", "busy", "break", "away", "offline"];
const HELD = { offered: "is asked", assigned: "", parked: "parked", wrapping: "notes" };

export function people({ agents, teams }, actions) {
  const titles = new Map(teams.map((team) => [team.id, team.title]));
  const sorted = [...agents].sort((one, other) => ORDER.indexOf(one.presence) - ORDER.indexOf(other.presence) || one.name.localeCompare(other.name));
  if (!sorted.length) return [el("p", { class: "empty" }, "Nobody works in these teams yet.")];
  return [el("table", { class: "people" },
    el("thead", null, el("tr", null, ["Agent", "Presence", "Load", "Holds"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", null, sorted.map((agent) => person(agent, titles, actions))))];
}

function person(agent, titles, { setPresence }) {
  return el("tr", { class: agent.presence, "data-row": true, "data-agent": agent.id, "data-focus": `agent-${agent.id}`, tabindex: "0" },
    el("td", null, el("strong", null, agent.name), el("span", { class: "explanation" }, agent.teams.map((id) => titles.get(id) ?? id).join(", "))),
    el("td", null,
      el("span", { class: `dot ${agent.presence}` }, presence(agent.presence)),
      el("span", { class: "explanation" }, agent.since ? since(agent.since, "for") : "", shift(agent), missed(agent)),
      button("Change", { focus: `presence-${agent.id}`, kind: "quiet", run: () => setPresence(agent.id) })),
    el("td", null, bar(agent)),
    el("td", null, agent.holds.length ? el("ul", { class: "holds" }, agent.holds.map(held)) : el("span", { class: "explanation" }, "nothing")));
}

function shift({ shift: hours, on_shift: on, shift_ends: ends }) {
  if (!hours) return null;
  if (!on) return el("span", { class: "off" }, " · off shift");
  return ends ? ` · until ${moment(ends)}` : " · on shift";
}

const missed = ({ missed_offers: number }) => (number ? ` · missed ${number} in a row` : null);

function bar({ load, capacity }) {
  const share = capacity ? Math.round((100 * load) / capacity) : 0;
  const meter = el("meter", { min: "0", max: String(Math.max(capacity, 1)), value: String(load), high: String(Math.max(capacity - 0.5, 0)), "aria-label": "Load" });
  return [meter, el("span", { class: "explanation" }, `${load} of ${capacity}${share >= 100 ? ", full" : ""}`)];
}

function held(item) {
  const state = HELD[item.state] ?? item.state;
  const parts = [item.customer_name, issue(item.issue), item.channel].filter(Boolean).join(" · ");
  return el("li", null, el("a", { href: `/desk#${item.id}`, "data-row": true, "data-item": item.id, "data-focus": `held-${item.id}` }, parts),
    el("span", { class: "explanation" },
      state && ` ${state}`,
      item.state === "offered" && item.offered_until ? until(item.offered_until, " for", " ending") : null,
      item.state === "assigned" && item.assigned_at ? since(item.assigned_at, " for") : null));
}
