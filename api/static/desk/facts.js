/** The right side: what a colleague wrote, why the case came, the brief, the plan, promises, the customer. */

import { el } from "../dom.js";
import { brief } from "./brief.js";
import { redraw } from "./redraw.js";
import { liveOrders, orders } from "./orders.js";
import { owed } from "./owed.js";
import { plan } from "./plan.js";
import { suggestions } from "./suggestions.js";
import { why } from "./why.js";
import { term } from "./words.js";
import { tier } from "./worklist.js";

const PANE = document.getElementById("facts");

/** `panel` holds the customer's orders as the shop has them now; null while they are not read. */
export function showFacts(item, canSpeak, actions, panel) {
  const { now, timeline, draft, ...shown } = item;
  const isDraft = Boolean(draft) && draft.text === item.brief?.suggested_reply;
  const opened = PANE.itemId === item.id && PANE.querySelector(".considered")?.open;
  PANE.itemId = item.id;
  const drawn = redraw(PANE, [shown, canSpeak, isDraft, panel], () => [
    item.suggestions.length ? suggestions(item, canSpeak, actions) : null,
    note(item),
    why(item),
    brief(item.brief, canSpeak, isDraft, actions),
    owed(item.commitments, true, actions),
    plan(item),
    customer(item),
    panel?.orders.length ? liveOrders(panel, actions) : item.brief?.orders?.length ? orders(item.brief.orders) : null,
  ]);
  if (drawn && opened) PANE.querySelector(".considered")?.setAttribute("open", "");
}

export function clearFacts() {
  PANE.print = null;
  PANE.replaceChildren();
}

/** Open or close the list of what was considered; tells whether there is one. */
export function toggleConsidered() {
  const list = PANE.querySelector(".considered");
  if (!list) return false;
  document.body.dataset.view = "facts";
  list.open = !list.open;
  list.scrollIntoView({ block: "nearest" });
  return true;
}

function note({ note: text, note_by: by }) {
  return text ? el("section", { class: "note" }, el("h2", null, by ? `Note from ${by}` : "Note from a colleague"), el("p", { class: "text" }, text)) : null;
}

function customer(item) {
  const { name, tier: grade, verified } = item.customer;
  const channels = item.conversations.map((one) => [one.channel, one.subject].filter(Boolean).join(": "));
  return part("Customer", el("dl", null,
    row("Name", name || "unknown"),
    row("Tier", tier(grade) ?? grade),
    row("Identity", verified ? "verified" : el("span", { class: "unproven" }, "not verified: disclose nothing of orders")),
    row("Channels", channels.join(", ") || term(item.channel))));
}

const row = (name, value) => [el("dt", null, name), el("dd", null, value)];

export function part(title, ...children) {
  return el("section", null, el("h2", null, title), ...children);
}
