/** The stages of the plan, the present one marked. */

import { el } from "../dom.js";
import { target } from "./words.js";

const ENDS = { collected: "until it has all it needs", decided: "until it is approved or refused", told: "until the customer is told" };

export function plan({ plan: found }) {
  if (!found || found.stages.length < 2) return null;
  return el("section", { class: "plan" }, el("h2", null, "Plan"),
    el("ol", null, found.stages.map((stage, place) => step(stage, place - found.stage))));
}

function step(stage, ahead) {
  const [, until] = stage.split(" until ");
  const name = target(stage).replace(/^./, (letter) => letter.toUpperCase());
  const node = el("li", { class: ahead < 0 ? "past" : ahead ? "" : "now" },
    el("span", null, name), ENDS[until] && el("span", { class: "explanation" }, ENDS[until]));
  if (!ahead) node.setAttribute("aria-current", "step");
  return node;
}
