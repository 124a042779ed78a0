/** How one message looks to the customer. */

import { clock, el, source } from "../dom.js";

export function bubble(message) {
  const { author, label, text, citations, at } = message;
  if (author === "system") return el("p", { class: "notice" }, text);
  const who = label || (author === "ai" ? "Assistant" : "Our team");
  return el("article", { class: `bubble ${author}` },
    el("header", null,
      author === "customer" ? el("span", { class: "unseen" }, "You") : el("span", { class: "who" }, who),
      author === "ai" && el("span", { class: "ai-mark", title: "Written by an AI" }, "AI"),
      el("time", { datetime: at }, clock(at))),
    el("p", { class: "text" }, text),
    sources(citations ?? []));
}

/** A message of the customer that is not confirmed yet. */
export function pending(entry, tryAgain) {
  const failed = entry.state === "failed";
  return el("article", { class: `bubble customer ${entry.state}` },
    el("p", { class: "text" }, entry.text),
    el("footer", null,
      failed || entry.note ? entry.note : entry.state === "sent" ? "Sent" : "Sending…",
      failed && el("button", { type: "button", click: () => tryAgain(entry.key) }, "Try again")));
}

function sources(citations) {
  if (!citations.length) return null;
  return el("div", { class: "sources" }, el("span", null, citations.length > 1 ? "Sources" : "Source"),
    el("ul", null, citations.map((citation) => el("li", null, source(citation)))));
}
