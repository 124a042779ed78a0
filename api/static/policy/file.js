/** The policy as a file: check, compare, replay and activate it. What is typed survives a reload. */

import { el } from "../dom.js";
import { tabKeeps } from "../keep.js";
import { activate, check, replay } from "./door.js";
import { confirmStep, diffView, plain, say, step, table } from "./parts.js";

const FORM = document.getElementById("file-form");
const TEXT = document.getElementById("yaml");
const SINCE = document.getElementById("since");
const OUTCOME = document.getElementById("file-outcome");
const KEPT = "policy-file";
const DAY = 24 * 60 * 60 * 1000;

let onActivated = () => undefined;

export function setUpFile(whenActivated) {
  onActivated = whenActivated;
  SINCE.value = new Date(Date.now() - 7 * DAY).toISOString().slice(0, 10);
  TEXT.addEventListener("input", () => tabKeeps.write(KEPT, TEXT.value));
  FORM.addEventListener("submit", (event) => {
    event.preventDefault();
    ({ check: compareIt, replay: replayIt, activate: activateIt })[event.submitter?.value ?? "check"]();
  });
}

/** Show the active policy, unless something else is being written. */
export function showFile(yaml) {
  TEXT.value = tabKeeps.read(KEPT) ?? yaml;
}

async function compareIt() {
  const checked = await step(OUTCOME, () => check(TEXT.value), "The policy is valid.");
  if (checked) OUTCOME.replaceChildren(el("h2", null, "Against the active version"), diffView(checked.diff));
}

async function activateIt() {
  const checked = await step(OUTCOME, () => check(TEXT.value));
  if (!checked || !(await confirmStep("Activate this policy?", diffView(checked.diff), "Activate"))) return;
  const done = await step(OUTCOME, () => activate(TEXT.value));
  if (!done) return;
  tabKeeps.forget(KEPT);
  OUTCOME.replaceChildren();
  await onActivated();
  say(`Version ${done.version} is active.`, "done");
}

async function replayIt() {
  say("Replaying…");
  const report = await step(OUTCOME, () => replay(TEXT.value, `${SINCE.value}T00:00:00Z`), "Replayed.");
  if (report) OUTCOME.replaceChildren(...shown(report));
}

function shown(report) {
  const changed = report.cases - report.unchanged;
  const extra = [report.unreadable && `${report.unreadable} without recorded facts`, report.more_recorded && "older ones were not tried"];
  const summary = [`${report.cases} cases: ${report.unchanged} unchanged, ${changed} changed`, ...extra.filter(Boolean)].join("; ");
  const parts = [el("h2", null, "Replay"), el("p", null, `${summary}.`)];
  if (!changed) return parts;
  return [
    ...parts,
    table(["Cases", "From", "To"], report.changes.map((change) => [String(change.count), change.was, change.becomes])),
    table(["Interaction", "When", "Issue", "Tier", "Why"], report.changed_cases.map((one) => [
      one.interaction_id, new Date(one.at).toLocaleString(), plain(one.issue), one.tier, one.why])),
  ];
}
