/** Above the conversation: whose case it is, and what can be done with it now. */

import { el } from "../dom.js";
import { button } from "./button.js";
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
      el("p", null, [issue(item.issue), item.channel, `${item.customer.verified ? "" : "not "}verified`].join(" · "))),
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
      button("Accept", { key: "A", focus: "head-accept", kind: "primary", run: () => onAccept(item) }),
      button("Decline", { key: "D", focus: "head-decline", run: () => onDecline(item) }),
    ];
  }
  if (item.state === "assigned" && isMine) {
    return [
      button("Resolve", { key: "E", focus: "resolve", run: () => onResolve(item) }),
      button("Back to the AI", { key: "B", focus: "hand-back", kind: "quiet", run: () => onHandBack(item) }),
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
