/** The left side: offers with their countdown, the agent's own cases in groups, what can be picked, and the teams. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { chips } from "./clocks.js";
import { ring, since, until } from "./countdown.js";
import { redraw } from "./redraw.js";
import { taskCard } from "./tasks.js";
import { teamCard } from "./teams.js";
import { issue, presence as named, reason } from "./words.js";

const LIST = document.getElementById("work");
const SHOWN_TO_PICK = 8;

/** Every case in the order in which the list shows them. */
export const listed = (work) => [...work.offers, ...work.assigned, ...work.wrapping, ...work.parked, ...work.pullable];

export function showWork(work, openId, presence, actions) {
  const content = [Object.entries(work).map(([name, items]) => [name, items.map(strip)]), openId, presence];
  redraw(LIST, content, () => [
    heading("Offers", work.offers.length, "urgent"),
    work.offers.map((item) => offer(item, openId, actions)),
    !work.offers.length && nothing(presence, actions.onAvailable),
    heading("My work", work.assigned.length),
    work.assigned.map((item) => mine(item, openId, actions)),
    !work.assigned.length && el("p", { class: "empty" }, "You hold no case."),
    group("Tasks", work.tasks, (task) => taskCard(task, actions)),
    group("Notes to finish", work.wrapping, (item) => wrapping(item, openId, actions)),
    group("Parked", work.parked, (item) => parked(item, openId, actions)),
    work.pullable.length ? toPick(work.pullable, openId, actions) : null,
    heading("Teams"),
    el("ul", { class: "teams" }, work.teams.map(teamCard)),
  ]);
}

/** `now` differs in each answer and changes nothing. */
const strip = ({ now, ...rest }) => rest;

function heading(text, count, kind = "") {
  return el("h2", { class: kind }, text, count ? el("span", { class: "count" }, String(count)) : "");
}

function group(title, items, card) {
  return items.length ? [heading(title, items.length), items.map(card)] : null;
}

function nothing(presence, onAvailable) {
  if (presence === "available") return el("p", { class: "empty" }, "Nothing offered. The next case appears here by itself.");
  return el("div", { class: "empty" },
    el("p", null, `You are ${named(presence).toLowerCase()}, so nothing is offered to you.`),
    button("Go available", { key: "P", focus: "available", kind: "primary", run: onAvailable }));
}

function offer(item, openId, { onOpen, onAccept, onDecline }) {
  return card(item, openId, "offer",
    el("div", { class: "row" }, opener(item, openId, onOpen), ring(item.offered_until, item.offer_seconds)),
    el("div", { class: "buttons" },
      button("Accept", { key: "A", focus: `accept-${item.id}`, kind: "primary", run: () => onAccept(item) }),
      button("Decline", { key: "D", focus: `decline-${item.id}`, run: () => onDecline(item) })));
}

function mine(item, openId, { onOpen }) {
  return card(item, openId, "", opener(item, openId, onOpen));
}

function wrapping(item, openId, { onOpen, onWrapped }) {
  return card(item, openId, "quiet", opener(item, openId, onOpen, until(item.wrap_until, "your room is kept for", "ending now")),
    el("div", { class: "buttons" }, button("Notes done", { key: "W", focus: `wrapped-${item.id}`, run: () => onWrapped(item) })));
}

function parked(item, openId, { onOpen, onResume }) {
  const when = item.parked_until ? until(item.parked_until, "comes back in", "coming back now") : el("span", { class: "since" }, "until the customer answers");
  return card(item, openId, "quiet", opener(item, openId, onOpen, when),
    el("div", { class: "buttons" }, button("Go on with it", { key: "G", focus: `resume-${item.id}`, run: () => onResume(item) })));
}

function toPick(items, openId, { onOpen, onNext, onPick }) {
  const row = (item, place) => el("li", null,
    opener(item, openId, onOpen),
    place > 0 && button("Pick", { focus: `pick-${item.id}`, kind: "quiet", run: () => onPick(item) }));
  return el("section", { class: "picking" },
    heading("To pick", items.length),
    button("Take the next", { key: "N", focus: "next", kind: "primary wide", run: () => onNext(items[0]) }),
    el("ol", null, items.slice(0, SHOWN_TO_PICK).map(row)),
    items.length > SHOWN_TO_PICK && el("p", { class: "empty" }, `and ${items.length - SHOWN_TO_PICK} more behind them`));
}

function card(item, openId, kind, ...parts) {
  return el("article", { class: `card ${kind}${item.id === openId ? " open" : ""}`, "data-item": item.id }, ...parts);
}

function opener(item, openId, onOpen, when) {
  const parts = [
    el("span", { class: "name" }, item.customer.name || "Unknown customer", tier(item.customer.tier)),
    el("span", { class: "what" }, `${issue(item.issue)} · ${item.channel}`),
    item.state === "offered" && el("span", { class: "why" }, reason(item.reason)),
    item.asks_decision && el("span", { class: "why decide" }, "Asks you to approve or refuse"),
    when ?? (item.state === "assigned" ? null : since(item.ready_at, "waiting for")),
    el("span", { class: "chips" }, chips(item, 2)),
  ];
  const node = button(parts.filter(Boolean), { focus: `open-${item.id}`, kind: "opener", run: () => onOpen(item.id) });
  if (item.id === openId) node.setAttribute("aria-current", "true");
  return node;
}

const USUAL = new Set(["", "standard", "guest"]);

/** A badge for a grade that is worth a badge. */
export function tier(name) {
  return name && !USUAL.has(name) ? el("span", { class: `tier ${name}` }, name) : null;
}
