/** The brand's switch, and the cells that are stopped by themselves. */

import { el } from "../dom.js";
import { button } from "../desk/button.js";
import { moment, plain } from "../desk/words.js";

export const EVERY_CELL = "*";

export function switchboard({ stopped }, names, actions) {
  const all = stopped.find((one) => one.cell === EVERY_CELL);
  const some = stopped.filter((one) => one.cell !== EVERY_CELL);
  return el("div", { class: all ? "brand-switch stopped" : "brand-switch" },
    el("p", { class: "big" }, el("b", null, all ? "The AI is stopped" : "The AI is on")),
    el("p", { class: "explanation" }, all ? why(all, names) : "Once stopped, it says nothing more, and what it has in hand goes to people with a brief."),
    all
      ? button("Start it again", { focus: "switch-all", kind: "primary", run: () => actions.start(EVERY_CELL) })
      : button("Stop the AI everywhere", { focus: "switch-all", kind: "danger", run: () => actions.stop(EVERY_CELL) }),
    some.length ? el("ul", { "aria-label": "Cells that are stopped" }, some.map((one) => el("li", null, el("strong", null, plain(one.cell)), `: ${why(one, names)}`))) : null);
}

const why = (one, names) => `${one.why ? `“${one.why}” ` : ""}Since ${moment(one.stopped_at)}, by ${names[one.stopped_by] ?? plain(one.stopped_by)}.`;
