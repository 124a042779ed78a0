/** Cases that need a lead's eye: service levels at risk, what waits, and promises that fall due. */

import { el } from "../dom.js";
import { button } from "../desk/button.js";
import { clock, promised } from "../desk/clocks.js";
import { since } from "../desk/countdown.js";
import { issue } from "../desk/words.js";
import { tier } from "../desk/worklist.js";

const STATES = { waiting: "waits in the queue", offered: "is offered to", assigned: "is with", parked: "is parked with", wrapping: "is done, notes with" };

export function risks({ sla_at_risk: all }, actions) {
  if (!all.length) return [el("p", { class: "empty" }, "Every answer is on time.")];
  return all.map((one) => row(one.work_item_id, `risk-${one.work_item_id}-${one.kind}`,
    clock({ kind: one.kind, state: one.breached ? "breached" : "warned", due_at: one.due_at, left_seconds: null, warned: true }, true),
    what(one), who(one), buttons(one.work_item_id, one.state, actions)));
}

export function queued({ waiting: all, teams }, actions) {
  const titles = new Map(teams.map((team) => [team.id, team.title]));
  if (!all.length) return [el("p", { class: "empty" }, "Nobody waits.")];
  return all.map((one, place) => row(one.id, `waiting-${one.id}`,
    el("b", { class: "place" }, String(place + 1)), what(one), since(one.ready_at, "waiting for"),
    el("span", { class: "explanation" }, titles.get(one.team_id) ?? one.team_id),
    buttons(one.id, "waiting", actions)));
}

export function owedSoon({ commitments_due: all }, actions) {
  if (!all.length) return [el("p", { class: "empty" }, "Nothing promised falls due within a day.")];
  return all.map((one) => row(one.work_item_id ?? "", `owed-${one.id}`, promised(one, true),
    el("span", { class: "what" }, one.text),
    el("span", { class: "explanation" }, one.made_by_name ? `promised by ${one.made_by_name}` : ""),
    one.work_item_id ? buttons(one.work_item_id, "", actions) : null));
}

function row(itemId, focus, ...parts) {
  return el("article", { class: "line", "data-row": true, "data-item": itemId || null, "data-focus": focus, tabindex: "0" }, ...parts);
}

const what = (one) => el("span", { class: "what" },
  el("strong", null, one.customer_name || "A customer", tier(one.tier)), one.issue && ` ${issue(one.issue)}`, one.channel && ` · ${one.channel}`);

function who({ state, agent_name: name }) {
  return el("span", { class: "explanation" }, [STATES[state] ?? state, state === "waiting" ? "" : name].filter(Boolean).join(" "));
}

function buttons(id, state, { reassign, takeBack, sooner, later }) {
  return el("span", { class: "buttons" },
    button("Give", { focus: `give-${id}`, kind: "quiet", run: () => reassign(id) }),
    state !== "waiting" && button("Take back", { focus: `take-${id}`, kind: "quiet", run: () => takeBack(id) }),
    state === "waiting" && button("Sooner", { focus: `sooner-${id}`, kind: "quiet", run: () => sooner(id) }),
    state === "waiting" && button("Later", { focus: `later-${id}`, kind: "quiet", run: () => later(id) }),
    el("a", { href: `/desk#${id}`, class: "open-case" }, "Open"));
}
