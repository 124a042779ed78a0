/** Questions before a step that cannot be taken back. Enter says yes, Escape says no. */

import { el } from "../dom.js";

const DIALOG = document.getElementById("dialog");

/** Resolves to true if the agent confirms. */
export function confirmStep(title, text, yes) {
  return ask(title, [el("p", null, text)], yes, () => true);
}

/** Resolves to the reason, or null if the agent thinks better of it. */
export function askReason(title, reasons) {
  const options = reasons.map((reason) => el("option", null, reason));
  const choice = el("select", { "aria-label": "Reason" }, options);
  return ask(title, [choice], "Decline", () => choice.value, { first: choice });
}

export function showKeys(keys) {
  const caps = (shown) => el("th", { scope: "row" }, shown.map((key) => el("kbd", null, key)));
  const rows = keys.map(({ shown, does }) => el("tr", null, caps(shown), el("td", null, does)));
  return ask("Keys", [el("table", null, el("tbody", null, rows))], "Close", () => true, { cancel: false });
}

export const isAsking = () => DIALOG.open;

function ask(title, content, yes, answer, { first, cancel = true } = {}) {
  return new Promise((resolve) => {
    const confirm = el("button", { type: "submit", class: "primary", value: "yes" }, yes, el("kbd", null, "Enter"));
    const form = el("form", { method: "dialog" },
      el("h2", { id: "dialog-title" }, title), ...content,
      el("div", { class: "buttons" }, confirm,
        cancel && el("button", { type: "submit", value: "no" }, "Cancel", el("kbd", null, "Esc"))));
    DIALOG.replaceChildren(form);
    DIALOG.returnValue = "no";
    DIALOG.addEventListener("close", () => resolve(DIALOG.returnValue === "yes" ? answer() : null), { once: true });
    DIALOG.showModal();
    (first ?? confirm).focus();
    first?.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), DIALOG.close("yes")));
  });
}
