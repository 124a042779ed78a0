/** What flows ask people to do: cards in the list of work, and the questions before a task is finished. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { until } from "./countdown.js";
import { askText, fill } from "./dialogs.js";
import { attached } from "./pictures.js";
import { money, plain } from "./words.js";

const KINDS = {
  approve: "Approve", judge: "Look at the photo and decide", inspect: "Inspect what came back",
  repair: "Put right by hand", follow_up: "Follow up",
};
const NOT_MINE = {
  own_request: "You have asked for this yourself; somebody else decides.",
  needs_higher_role: "The amount is above what your role may approve.",
};
const WHY = { always: "policy asks for it", amount: "the amount is above the limit" };

export function taskCard(task, { onTask }) {
  const { flow } = task;
  return el("article", { class: `card task${task.overdue ? " overdue" : ""}`, "data-task": task.id },
    el("div", { class: "about" },
      el("strong", null, KINDS[task.kind] ?? plain(task.kind)),
      el("span", null, `${plain(flow.kind)} · ${flow.order}${task.customer_name ? ` · ${task.customer_name}` : ""}`),
      flow.words && el("span", { class: "text" }, flow.words),
      task.items.map((item) => el("span", null, item)),
      task.amount_minor !== null && el("span", null, money({ minor: task.amount_minor, currency: task.currency })),
      facts(task).map((fact) => el("span", { class: "soft" }, fact)),
      task.due_at && until(task.due_at, "due in", "overdue"),
      attached(task.pictures, task.pictures, `Photos of task ${task.id}`)),
    el("div", { class: "buttons" }, buttons(task, onTask)));
}

function facts(task) {
  const { why, ...rest } = task.facts;
  const because = why && `Because ${WHY[why] ?? plain(why.replace(":", " "))}`;
  return [because, ...Object.entries(rest).map(([name, value]) => `${plain(name)}: ${plain(String(value))}`)].filter(Boolean);
}

function buttons(task, onTask) {
  const why = task.refused_to_me && el("p", { class: "passed" }, NOT_MINE[task.refused_to_me]);
  if (task.refused_to_me === "own_request") return [why];
  const make = (title, verb, kind = "") => button(title, { focus: `task-${task.id}-${verb}`, kind, run: () => onTask(task, verb) });
  if (task.kind === "approve" || task.kind === "judge") return [why || make("Approve", "approved", "primary"), make("Refuse", "refused")];
  return [make(task.kind === "inspect" ? "Count it" : "Done", "done", "primary")];
}

/** Resolves to the body that finishes the task, or null. */
export async function askTask(task, decision) {
  if (task.kind === "inspect") return askCounts(task);
  const title = { approved: "Approve what is asked?", refused: "Refuse what is asked?", done: "Is it done?" }[decision];
  const label = decision === "done" ? "Words for colleagues (optional)" : "Words for the customer (optional)";
  const words = await askText(title, { label, hint: label, yes: { approved: "Approve", refused: "Refuse", done: "Done" }[decision] });
  return words === null ? null : { decision, words };
}

function askCounts(task) {
  const rows = task.lines.map(countRow);
  const table = el("table", { class: "counts" },
    el("thead", null, el("tr", null, ["Item", "Sent back", "Received", "As it should be"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", null, rows.map(({ node }) => node)));
  const read = () => ({ decision: "done", words: "", lines: rows.map((row) => row.read()) });
  return fill("Count what came back", [table], { yes: "Save the counts", first: rows[0]?.first, read });
}

function countRow(line) {
  const number = (label, value, max) => el("input", {
    type: "number", min: "0", max: String(max), required: true, value: String(value), "aria-label": `${label}: ${line.title}`,
  });
  const received = number("Received", line.received ?? line.quantity, line.quantity);
  const accepted = number("As it should be", line.accepted ?? received.value, line.quantity);
  received.addEventListener("input", () => (accepted.max = received.value));
  const cells = [line.title, String(line.quantity), received, accepted].map((content) => el("td", null, content));
  const read = () => ({ line_id: line.line_id, received: Number(received.value), accepted: Number(accepted.value) });
  return { node: el("tr", null, cells), first: received, read };
}
