/** Above the conversation: whose case it is, what must be kept, and what can be done with it now. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { chips } from "./clocks.js";
import { ring } from "./countdown.js";
import { attached, filesOf } from "./pictures.js";
import { redraw } from "./redraw.js";
import { issue } from "./words.js";
import { tier } from "./worklist.js";

const HEAD = document.getElementById("head");

export function showHead(item, meId, actions) {
  const { now, timeline, brief, suggestions, ...shown } = item;
  const files = item.asks_decision ? filesOf(timeline) : [];
  redraw(HEAD, [shown, meId, files], () => [
    el("h1", null, item.customer.name || "Unknown customer", tier(item.customer.tier)),
    el("p", null, [issue(item.issue), item.channel, `${item.customer.verified ? "" : "not "}verified`].join(" · ")),
    el("p", { class: "chips" }, chips(item, 3, true)),
    attached(files, files, "Files to decide by"),
    el("div", { class: "buttons" }, buttons(item, meId, actions)),
  ]);
}

export function clearHead() {
  HEAD.print = null;
  HEAD.replaceChildren();
}

const decisions = (item, { onDecide }) => [
  button("Approve", { key: "Y", focus: "approve", kind: "primary", run: () => onDecide(item, true) }),
  button("Refuse", { key: "X", focus: "refuse", run: () => onDecide(item, false) }),
];

const BUTTONS = {
  offered: (item, { onAccept, onDecline }) => [
    ring(item.offered_until, item.offer_seconds),
    button("Accept", { key: "A", focus: "head-accept", kind: "primary", run: () => onAccept(item) }),
    button("Decline", { key: "D", focus: "head-decline", run: () => onDecline(item) }),
  ],
  assigned: (item, actions) => [
    item.asks_decision ? decisions(item, actions) : button("Resolve", { key: "E", focus: "resolve", run: () => actions.onResolve(item) }),
    button("Snooze", { key: "Z", focus: "snooze", kind: "quiet", run: () => actions.onSnooze(item) }),
    button("Transfer", { key: "T", focus: "transfer", kind: "quiet", run: () => actions.onTransfer(item) }),
    button("To the AI", { key: "B", focus: "hand-back", kind: "quiet", run: () => actions.onHandBack(item) }),
  ],
  parked: (item, { onResume }) => button("Go on with it", { key: "G", focus: "resume", kind: "primary", run: () => onResume(item) }),
  wrapping: (item, { onWrapped }) => button("Notes done", { key: "W", focus: "wrapped", kind: "primary", run: () => onWrapped(item) }),
};

function buttons(item, meId, actions) {
  const mine = item.agent_id === meId ? BUTTONS[item.state] : null;
  if (mine) return [mine(item, actions)].flat(2);
  if (item.state === "waiting" && item.asked_for === "pull") {
    return [button("Pick it", { focus: "pick", kind: "primary", run: () => actions.onPick(item) })];
  }
  return [el("p", { class: "passed" }, passed(item))];
}

function passed(item) {
  if (item.state === "done" || item.state === "wrapping") return "This case is done.";
  if (item.state === "cancelled") return "This case needs nobody any more.";
  if (item.state === "waiting") return "This case waits for an agent.";
  if (item.state === "parked") return "This case is parked with a colleague.";
  return item.holder?.name ? `${item.holder.name} has this case.` : "Somebody else has this case.";
}
