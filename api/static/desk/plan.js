/** The stages of the plan, the present one marked. */

import { el } from "../dom.js";
import { plain, target } from "./words.js";

const ENDS = { collected: "until it has all it needs", decided: "until it is approved or refused", told: "until the customer is told" };

export function plan({ plan: found, stage }) {
  const stages = found?.stages ?? [];
  if (stages.length < 2) return null;
  return el("section", { class: "plan" }, el("h2", null, "Plan"),
    el("ol", null, stages.map((one, place) => step(one, place, stage ?? 0))));
}

function step(one, place, present) {
  const look = place < present ? "past" : place === present ? "now" : "";
  const node = el("li", { class: look }, el("span", null, named(one)), ENDS[one.until] && el("span", { class: "explanation" }, ENDS[one.until]));
  if (look === "now") node.setAttribute("aria-current", "step");
  return node;
}

function named({ kind, team, agent, flow, collect }) {
  const who = target([kind, agent || team || flow].filter(Boolean).join(":"));
  const asks = collect?.length ? ` asks for ${collect.map(plain).join(" and ")}` : "";
  return `${who.replace(/^./, (letter) => letter.toUpperCase())}${asks}`;
}
