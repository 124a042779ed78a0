/** How one message looks to the customer. */

import { clock, el, source } from "../dom.js";
import { preview, sentFile } from "./attachments.js";

/** `address` tells where the API has a file. */
export function bubble(message, address) {
  const { author, label, text, citations, attachments, at } = message;
  if (author === "system") return el("p", { class: "notice" }, text);
  const who = label || (author === "ai" ? "Assistant" : "Our team");
  return el("article", { class: `bubble ${author}` },
    el("header", null,
      author === "customer" ? el("span", { class: "unseen" }, "You") : el("span", { class: "who" }, who),
      author === "ai" && el("span", { class: "ai-mark", title: "Written by an AI" }, "AI"),
      el("time", { datetime: at }, clock(at))),
    text && el("p", { class: "text" }, text),
    filesList((attachments ?? []).map((file) => sentFile(file, address))),
    sources(citations ?? []));
}

/** A message of the customer that is not confirmed yet. */
export function pending(entry, files, tryAgain) {
  const failed = entry.state === "failed";
  return el("article", { class: `bubble customer ${entry.state}` },
    entry.text && el("p", { class: "text" }, entry.text),
    filesList(files.map(preview)),
    entry.state === "sending" && files.length > 0 &&
      el("progress", { max: "1", value: entry.share ?? 0, "aria-label": "Sending the files" }),
    el("footer", null,
      failed || entry.note ? entry.note : entry.state === "sent" ? "Sent" : "Sending…",
      failed && el("button", { type: "button", click: () => tryAgain(entry.key) }, "Try again")));
}

function filesList(nodes) {
  return nodes.length ? el("ul", { class: "files", "aria-label": "Files" }, nodes.map((node) => el("li", null, node))) : null;
}

function sources(citations) {
  if (!citations.length) return null;
  return el("div", { class: "sources" }, el("span", null, citations.length > 1 ? "Sources" : "Source"),
    el("ul", null, citations.map((citation) => el("li", null, source(citation)))));
}
