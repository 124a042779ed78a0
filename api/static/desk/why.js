/** Why a case came to this person: one sentence, and on request everything that was considered. */

import { el } from "../dom.js";
import { asked, chosen, plain, reason, target } from "./words.js";

export function why(item) {
  const sentences = [chosen(item.chosen), wanted(item), passes(item.chosen)].filter(Boolean).join(" ");
  return el("section", { class: "why-me" }, el("h2", null, "Why it came to you"),
    el("p", null, el("strong", null, `${reason(item.reason)}.`), ` ${sentences}`),
    item.plan && considered(item.plan));
}

function wanted({ chosen: choice, ring }) {
  const key = asked(choice?.asked_for);
  if (!key) return "";
  return `It asks for ${key}${ring ? `, after ${ring} wider ${ring === 1 ? "circle was" : "circles were"} asked` : ""}.`;
}

function passes(choice) {
  const number = choice?.passed_by ?? 0;
  if (!number) return "";
  return number === 1 ? "One colleague had let it pass." : `${number} colleagues had let it pass.`;
}

function considered({ cell, considered: candidates, policy_version: version, gap, shifted }) {
  return el("details", { class: "considered" },
    el("summary", { "data-focus": "considered" }, "What was considered ", el("kbd", null, "I")),
    el("p", { class: "explanation" }, `Policy version ${version}, cell ${cell}${shifted ? ", moved by the pressure" : ""}${gap ? "; no candidate fitted" : ""}.`),
    el("ol", null, (candidates ?? []).map(candidate)));
}

function candidate({ targets, passed_over: over }) {
  return el("li", { class: over ? "over" : "taken" },
    el("span", null, targets.map(target).join(", then ")),
    el("span", { class: "explanation" }, over ? `passed over: ${plain(over)}` : "chosen"));
}
