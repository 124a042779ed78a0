/** Each cell in which the AI speaks: its mode, what became of its drafts, and what is proposed. */

import { el } from "../dom.js";
import { button } from "../desk/button.js";
import { plain } from "../desk/words.js";
import { EVERY_CELL } from "./switchboard.js";

const MODES = { auto: "answers by itself", draft: "an agent releases", shadow: "unseen" };
const STEPS = { promote_to_auto: "Ready for auto", promote_to_draft: "Ready for draft", back_to_shadow: "Back to shadow" };

export function cells(lines, stopped, actions) {
  if (!lines.length) return el("p", { class: "empty" }, "The active policy gives the AI nothing to answer.");
  const off = new Set(stopped.map((one) => one.cell));
  const shown = lines.toSorted((one, other) => urgency(one) - urgency(other));
  const headings = ["Cell", "Mode", "Drafts", "What became of them", "What follows"];
  return el("table", { class: "cells" },
    el("thead", null, el("tr", null, headings.map((one) => el("th", { scope: "col" }, one)), el("td"))),
    el("tbody", null, shown.map((line, place) => row(line, off, first(shown, place), actions))));
}

/** What asks for a decision comes first, what runs by itself last; else as the policy has it. */
const urgency = ({ mode, proposal }) => (STEPS[proposal.step] ? 0 : ["draft", "shadow", "auto"].indexOf(mode) + 1);

/** A cell may have several candidates; its switch stands beside the first. */
const first = (lines, place) => lines.findIndex((one) => one.cell === lines[place].cell) === place;

function row(line, off, isFirst, actions) {
  const { cell, mode, found, proposal } = line;
  return el("tr", { class: line.stopped ? "offline" : "" },
    el("th", { scope: "row" }, plain(cell)),
    el("td", { class: "mode" }, el("strong", null, line.stopped ? "stopped" : mode), el("span", { class: "explanation" }, line.stopped ? `else ${mode}` : MODES[mode])),
    el("td", { class: "number" }, mode === "auto" ? "" : String(mode === "shadow" ? found.shadowed : found.drafts)),
    el("td", { class: "outcome" }, outcome(line)),
    el("td", null, el("strong", { class: STEPS[proposal.step] ? "proposed" : "" }, STEPS[proposal.step] ?? "No change"),
      mode !== "auto" && el("span", { class: "explanation" }, proposal.why),
      line.change && el("code", null, line.change)),
    el("td", null, isFirst && !off.has(EVERY_CELL) && toggle(cell, off.has(cell), actions)));
}

function toggle(cell, isOff, { stop, start }) {
  const which = el("span", { class: "unseen" }, ` ${plain(cell)}`);
  if (isOff) return button(["Start", which], { focus: `switch-${cell}`, run: () => start(cell) });
  return button(["Stop", which], { focus: `switch-${cell}`, kind: "danger", run: () => stop(cell) });
}

function outcome({ mode, found }) {
  if (mode === "auto") return found.rated ? `Customers: ${found.csat} of 5 (${found.rated})` : "Nobody has rated it yet";
  if (mode === "shadow") return found.compared ? `${Math.round(found.likeness * 100)} % alike (${found.compared} compared)` : "Nothing to compare yet";
  const judged = found.sent + found.edited + found.rejected + found.ignored;
  if (!judged) return "None judged yet";
  const parts = [["sent", found.sent], ["edited", found.edited], ["rejected", found.rejected], ["ignored", found.ignored]].filter(([, count]) => count);
  return [
    el("span", { class: "bar-of", "aria-hidden": "true" }, parts.map(segment)),
    el("span", { class: "explanation" }, parts.map(([name, count]) => `${count} ${name === "sent" ? "unchanged" : name}`).join(", ")),
  ];
}

function segment([name, count]) {
  const part = el("i", { class: name });
  part.style.flexGrow = String(count);
  return part;
}
