/** What customers asked and no article answered, by topic: what to write next. */

import { el } from "../dom.js";
import { day, issue } from "../desk/words.js";

export function gaps({ gaps: groups }) {
  if (!groups.length) return el("p", { class: "empty" }, "Every question found an article.");
  return el("div", null, groups.map((group) => el("div", { class: "line" },
    el("strong", { class: "what" }, group.topic || "various"),
    el("span", { class: "explanation" }, `${issue(group.issue)} · ${group.language.toUpperCase()}`),
    el("span", { class: "since" }, `${group.open} ${group.open === 1 ? "time" : "times"}, last ${day(group.newest)}`))));
}
