/** The versions, newest first: compare each with the active one, and roll back. */

import { el } from "../dom.js";
import { compare, rollBack } from "./door.js";
import { confirmStep, diffView, say, step, table } from "./parts.js";

const LIST = document.getElementById("versions");
const OUTCOME = document.getElementById("history-outcome");

export function showHistory(versions, mayWrite, onChanged) {
  OUTCOME.replaceChildren();
  LIST.replaceChildren(table(["Version", "Activated", "By", "", ""], versions.map((row) => [
    String(row.version), new Date(row.activated_at).toLocaleString(), row.activated_by_name || "–",
    [row.active && "active", row.restores && `content of version ${row.restores}`].filter(Boolean).join(", "),
    el("span", { class: "buttons" }, row.active ? [] : [
      el("button", { type: "button", "aria-label": `Compare version ${row.version}`, click: () => show(row.version) }, "Compare"),
      mayWrite && el("button", { type: "button", "aria-label": `Roll back to version ${row.version}`, click: () => bringBack(row.version, onChanged) }, "Roll back"),
    ]),
  ])));
}

async function show(version) {
  const found = await step(OUTCOME, () => compare(version));
  if (found) OUTCOME.replaceChildren(el("h2", null, `From version ${found.before} to ${found.after}`), diffView(found.diff));
}

async function bringBack(version, onChanged) {
  const found = await step(OUTCOME, () => compare(version));
  if (!found) return;
  const lost = el("div", null, el("p", { class: "hint" }, "This is what the versions since have changed, and what goes:"), diffView(found.diff));
  if (!(await confirmStep(`Activate version ${version} again?`, lost, "Roll back"))) return;
  const done = await step(OUTCOME, () => rollBack(version));
  if (!done) return;
  await onChanged();
  say(`Version ${done.version} is active.`, "done");
}
