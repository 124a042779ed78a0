/** What the customer was promised in this case. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { promised } from "./clocks.js";
import { moment, plain } from "./words.js";

const ENDED = { kept: "kept", broken: "kept too late", withdrawn: "taken back" };
const BY = { reply: "your next message keeps it", by_hand: "you say when it is done" };

export function owed(commitments, canClose, { onKeep, onWithdraw }) {
  if (!commitments?.length) return null;
  return el("section", { class: "owed" }, el("h2", null, "Promised to the customer"),
    commitments.map((one) => entry(one, canClose, onKeep, onWithdraw)));
}

function entry(one, canClose, onKeep, onWithdraw) {
  const open = !one.closed_at;
  return el("article", { class: `promise ${one.state}` },
    el("p", { class: "text" }, one.text),
    el("p", { class: "chips" },
      open ? promised(one, true) : el("span", { class: "chip" }, ENDED[one.state] ?? plain(one.state), el("span", { class: "at" }, moment(one.closed_at)))),
    el("p", { class: "explanation" }, `By ${one.made_by_name || plain(one.made_by.split(":")[0])}${open ? `; ${BY[one.fulfilled_by] ?? `a ${plain(one.fulfilled_by)} keeps it`}` : ""}.`),
    open && canClose && el("div", { class: "buttons" },
      button("Kept", { key: "C", focus: `keep-${one.id}`, run: () => onKeep(one) }),
      one.state === "open" && button("Take back", { key: "V", focus: `withdraw-${one.id}`, kind: "quiet", run: () => onWithdraw(one) })));
}
