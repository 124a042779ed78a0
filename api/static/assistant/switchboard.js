/** The brand's switch, and the cells that are stopped by themselves. */

import { el } from "../dom.js";
import { button } from "../desk/button.js";
import { moment, plain } from "../desk/words.js";

export const EVERY_CELL = "*";

export function switchboard({ stopped }, actions) {
  const all = stopped.find((one) => one.cell === EVERY_CELL);
  const some = stopped.filter((one) => one.cell !== EVERY_CELL);
  return el("div", { class: all ? "brand-switch stopped" : "brand-switch" },
    el("p", { class: "big" }, el("b", null, all ? "The AI is stopped" : "The AI is on")),
    el("p", { class: "explanation" }, all ? why(all) : "Stopped, it says nothing more: what it has in hand goes to people, with a brief."),
    all
      ? button("Start it again", { focus: "start-all", kind: "primary", run: () => actions.start(EVERY_CELL) })
      : button("Stop the AI everywhere", { focus: "stop-all", kind: "danger", run: () => actions.stop(EVERY_CELL) }),
    some.length ? el("ul", { class: "statements" }, some.map((one) => el("li", null, el("strong", null, plain(one.cell)), `: ${why(one)}`))) : null);
}

const why = (one) => `${one.why || "No reason was given."} Since ${moment(one.stopped_at)}.`;
