/** Above the conversation: whose case it is, and what can be done with it now. */

import { el } from "../dom.js";
import { ring } from "./countdown.js";
import { redraw } from "./redraw.js";
import { issue } from "./words.js";
import { tier } from "./worklist.js";

const HEAD = document.getElementById("head");

export function showHead(item, isMine, actions) {
  const { now, timeline, brief, suggestions, ...shown } = item;
  redraw(HEAD, [shown, isMine], () => [
    el("div", null,
      el("h1", null, item.customer.name || "Unknown customer", tier(item.customer.tier)),
      el("p", null, [issue(item.issue), item.channel, item.customer.verified ? "verified customer" : "not verified"].join(" · "))),
    el("div", { class: "buttons" }, buttons(item, isMine, actions)),
  ]);
}

export function clearHead() {
  HEAD.print = null;
  HEAD.replaceChildren();
}

function buttons(item, isMine, { onAccept, onDecline, onResolve, onHandBack }) {
  if (item.state === "offered" && isMine) {
    return [
      ring(item.offered_until, item.offer_seconds),
      el("button", { type: "button", class: "primary", "data-focus": "head-accept", click: () => onAccept(item) }, "Accept", el("kbd", null, "A")),
      el("button", { type: "button", "data-focus": "head-decline", click: () => onDecline(item) }, "Decline", el("kbd", null, "D")),
    ];
  }
  if (item.state === "assigned" && isMine) {
    return [
      el("button", { type: "button", "data-focus": "resolve", click: () => onResolve(item) }, "Resolve", el("kbd", null, "E")),
      el("button", { type: "button", class: "quiet", "data-focus": "hand-back", click: () => onHandBack(item) }, "Back to the AI", el("kbd", null, "B")),
    ];
  }
  return [el("p", { class: "passed" }, passed(item))];
}

function passed(item) {
  if (item.state === "done") return "This case is done.";
  if (item.state === "cancelled") return "This case needs nobody any more.";
  if (item.state === "waiting") return "This case waits for an agent.";
  return item.holder?.name ? `${item.holder.name} has this case.` : "Somebody else has this case.";
}
