/** The middle: who said what, and what happened in between. */

import { clock, el, source } from "../dom.js";
import { attached, filesOf } from "./pictures.js";
import { redraw } from "./redraw.js";
import { author, day, delivery, moment } from "./words.js";

const PANE = document.getElementById("timeline");
const NEAR_END = 60;
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g;
const TROUBLED = new Set(["failed", "unknown", "cancelled"]);

const MARGIN = 12;

let follows = true;
PANE.addEventListener("scroll", () => (follows = PANE.scrollTop > newest() - NEAR_END));
new ResizeObserver(stayAtNewest).observe(PANE);

export function showTimeline(entries, itemId) {
  const isOther = PANE.itemId !== itemId;
  const follow = follows || isOther;
  PANE.itemId = itemId;
  redraw(PANE, [itemId, entries], () => withDays(entries));
  if (isOther) PANE.scrollTop = 0;
  follows = follow;
  stayAtNewest();
}

/** Follow what is new, unless the agent has scrolled up to read. */
function stayAtNewest() {
  if (follows && PANE.scrollTop < newest()) PANE.scrollTop = newest();
}

/** How far to scroll down: to the end, unless that hides the beginning of the newest message. */
function newest() {
  const end = PANE.scrollHeight - PANE.clientHeight;
  const message = [...PANE.querySelectorAll(".said")].at(-1);
  if (!message) return end;
  const top = message.getBoundingClientRect().top - PANE.getBoundingClientRect().top + PANE.scrollTop;
  return Math.min(end, top - MARGIN);
}

export function clearTimeline(...nodes) {
  PANE.itemId = null;
  PANE.print = null;
  PANE.replaceChildren(...nodes);
}

function withDays(entries) {
  let last = null;
  const files = filesOf(entries);
  return entries.flatMap((entry) => {
    const date = day(entry.at);
    const isNew = date !== last;
    last = date;
    return [isNew && el("h3", { class: "day" }, date), entry.kind === "message" ? message(entry, files) : happening(entry)];
  });
}

function message(entry, files) {
  const state = delivery(entry.state);
  const look = `said ${entry.author} ${TROUBLED.has(entry.state) ? entry.state : ""}`;
  return el("article", { class: look, id: `message-${entry.message_id}`, tabindex: "-1" },
    el("header", null,
      el("strong", null, entry.author === "ai" ? author("ai") : entry.label || author(entry.author)),
      entry.author === "ai" && el("span", { class: "ai-mark" }, "AI"),
      entry.channel && el("span", null, entry.channel),
      time(entry.at),
      state && el("span", { class: "delivery" }, state)),
    entry.text && el("p", { class: "text" }, entry.text),
    attached(entry.attachments, files),
    sources(entry.citations ?? []));
}

function sources(citations) {
  if (!citations.length) return null;
  return el("ul", { class: "sources" }, citations.map((citation) => el("li", null, source(citation))));
}

/** A sentence of the API; the instants in it are shown by the reader's own clock. */
function happening(entry) {
  return el("p", { class: "happened" }, time(entry.at), el("span", null, entry.text.replace(INSTANT, moment)));
}

function time(at) {
  return el("time", { datetime: at, title: new Date(at).toLocaleString() }, clock(at));
}
