/** Why a case came to this person: one sentence, and on request everything that was considered. */

import { el } from "../dom.js";
import { asked, plain, reason, target } from "./words.js";

export function why(item) {
  const sentences = [item.chosen_because, wanted(item)].filter(Boolean).join(" ");
  return el("section", { class: "why-me" }, el("h2", null, item.agent_id ? "Why it came to you" : "Why it waits for a person"),
    el("p", null, el("strong", null, `${reason(item.reason)}.`), ` ${sentences}`),
    item.plan && considered(item.plan));
}

/** What it asks of an agent, and how many circles of people have been asked. */
function wanted({ chosen_because: said, asked_for: key, ring, rings }) {
  const asks = !said && asked(key) ? `It asks for ${asked(key)}.` : "";
  const wider = ring ? `${ring + 1} of ${rings} circles of people have been asked.` : "";
  return [asks, wider].filter(Boolean).join(" ");
}

function considered({ cell, considered: candidates }) {
  return el("details", { class: "considered" },
    el("summary", { "data-focus": "considered" }, "What was considered ", el("kbd", null, "I")),
    el("p", { class: "explanation" }, `The policy for ${plain(cell)}, tried in this order:`),
    el("ol", null, candidates.map(candidate)));
}

function candidate({ targets, passed_over: over }) {
  return el("li", { class: over ? "over" : "taken" },
    el("span", null, targets.map(target).join(", then ")),
    el("span", { class: "explanation" }, over ? `passed over: ${plain(over)}` : "chosen"));
}
