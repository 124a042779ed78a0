/** Parts that several tabs show: the line at the bottom, differences, mistakes, and a question before a step. */

import { el } from "../dom.js";
import { Refused } from "./door.js";

const STATUS = document.getElementById("status");
const QUESTION = document.getElementById("question");

export function say(sentence, kind = "") {
  STATUS.textContent = sentence;
  STATUS.className = kind;
}

/** Run a step, tell how it ended, and show mistakes in `outcome`. Answers the step's result, or null. */
export async function step(outcome, work, done = "") {
  say("…");
  try {
    const result = await work();
    say(done, "done");
    return result;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message, "refused");
    if (error.errors.length) outcome.replaceChildren(mistakes(error.errors));
    return null;
  }
}

export function mistakes(errors) {
  const place = (error) => [error.line && `line ${error.line}`, error.field].filter(Boolean).join(", ");
  const rows = errors.map((error) => el("li", null, el("strong", null, place(error) || "file"), ` ${error.message}`));
  return el("ul", { class: "mistakes" }, rows);
}

/** A unified diff, each line coloured by what became of it. */
export function diffView(text) {
  if (!text) return el("p", { class: "hint" }, "No difference.");
  const kind = (line) => ({ "+": "added", "-": "removed", "@": "place" })[line[0]] ?? "";
  const lines = text.split("\n").map((line) => el("span", { class: kind(line) }, `${line}\n`));
  return el("pre", { class: "diff", tabindex: "0", "aria-label": "Differences" }, lines);
}

/** A table of plain text. */
export function table(headings, rows, attributes) {
  const head = el("tr", null, headings.map((heading) => el("th", { scope: "col" }, heading)));
  const body = rows.map((cells) => el("tr", null, cells.map((cell) => el("td", null, cell))));
  return el("table", attributes, el("thead", null, head), el("tbody", null, body));
}

/** Resolves to true if the admin confirms; Enter says yes, Escape says no. */
export function confirmStep(title, content, yes) {
  return new Promise((resolve) => {
    const confirm = el("button", { type: "submit", class: "primary", value: "yes" }, yes);
    const form = el("form", { method: "dialog" }, el("h2", { id: "question-title" }, title), content,
      el("div", { class: "buttons" }, confirm, el("button", { type: "submit", value: "no" }, "Cancel")));
    QUESTION.replaceChildren(form);
    QUESTION.returnValue = "no";
    QUESTION.addEventListener("close", () => resolve(QUESTION.returnValue === "yes"), { once: true });
    QUESTION.showModal();
    confirm.focus();
  });
}

export const plain = (term) => (term ?? "").replaceAll("_", " ");
