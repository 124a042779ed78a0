/** The left side: offers with their countdown, the agent's own cases, and how the teams stand. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { ring, since } from "./countdown.js";
import { redraw } from "./redraw.js";
import { issue, reason } from "./words.js";

const LIST = document.getElementById("work");

export function showWork(work, openId, presence, { onOpen, onAccept, onDecline, onAvailable }) {
  const content = [strip(work.offers), strip(work.assigned), work.teams, openId, presence];
  redraw(LIST, content, () => [
    heading("Offers", work.offers.length),
    work.offers.map((item) => offer(item, openId, { onOpen, onAccept, onDecline })),
    !work.offers.length && nothing(presence, onAvailable),
    heading("My work", work.assigned.length),
    work.assigned.map((item) => mine(item, openId, onOpen)),
    !work.assigned.length && el("p", { class: "empty" }, "You hold no case."),
    heading("Teams"),
    el("ul", { class: "teams" }, work.teams.map(team)),
  ]);
}

/** `now` differs in each answer and changes nothing. */
const strip = (items) => items.map(({ now, ...rest }) => rest);

function heading(text, count) {
  return el("h2", null, text, count ? el("span", { class: "count" }, String(count)) : "");
}

function nothing(presence, onAvailable) {
  if (presence === "available") return el("p", { class: "empty" }, "Nothing offered. The next case appears here by itself.");
  return el("div", { class: "empty" },
    el("p", null, `You are ${presence}, so nothing is offered to you.`),
    button("Go available", { key: "P", focus: "available", kind: "primary", run: onAvailable }));
}

function offer(item, openId, { onOpen, onAccept, onDecline }) {
  return el("article", { class: `card offer${item.id === openId ? " open" : ""}`, "data-item": item.id },
    el("div", { class: "row" },
      opener(item, openId, onOpen),
      ring(item.offered_until, item.offer_seconds)),
    el("div", { class: "buttons" },
      button("Accept", { key: "A", focus: `accept-${item.id}`, kind: "primary", run: () => onAccept(item) }),
      button("Decline", { key: "D", focus: `decline-${item.id}`, run: () => onDecline(item) })));
}

function mine(item, openId, onOpen) {
  return el("article", { class: `card${item.id === openId ? " open" : ""}`, "data-item": item.id },
    opener(item, openId, onOpen));
}

function opener(item, openId, onOpen) {
  const parts = [
    el("span", { class: "name" }, item.customer.name || "Unknown customer", tier(item.customer.tier)),
    el("span", { class: "what" }, `${issue(item.issue)} · ${item.channel}`),
    el("span", { class: "why" }, reason(item.reason)),
    item.state === "offered" ? since(item.ready_at, "waiting for") : since(item.ready_at, "came", "ago"),
  ];
  const node = button(parts, { focus: `open-${item.id}`, kind: "opener", run: () => onOpen(item.id) });
  if (item.id === openId) node.setAttribute("aria-current", "true");
  return node;
}

export function tier(name) {
  return name && name !== "standard" ? el("span", { class: `tier ${name}` }, name) : null;
}

function team({ title, waiting, available }) {
  return el("li", null, el("span", null, title), el("span", { class: waiting ? "waiting" : "" }, `${waiting} waiting`),
    el("span", null, `${available} available`));
}
