/** Questions before a step. Enter says yes, Escape says no; what was typed is handed over. */

import { el } from "../dom.js";

const DIALOG = document.getElementById("dialog");

/** Resolves to true if the agent confirms. */
export function confirmStep(title, text, yes) {
  return ask(title, [el("p", null, text)], yes, () => true);
}

/** Resolves to the reason, or null if the agent thinks better of it. */
export function askReason(title, reasons, yes = "Decline") {
  const options = reasons.map((reason) => el("option", null, reason));
  const choice = el("select", { "aria-label": "Reason" }, options);
  return ask(title, [choice], yes, () => choice.value, { first: choice });
}

/** Resolves to a text, or null; `required` texts must not be blank. */
export function askText(title, { label, hint, yes, required = false, value = "" }) {
  const box = el("textarea", { rows: "4", maxlength: "2000", required, "aria-label": label, placeholder: hint });
  box.value = value;
  return ask(title, [box], yes, () => box.value.trim(), { first: box, typing: true });
}

/** Resolves to the chosen value of `choices` ({title, value, key}), each of which has a key of its own, or null. */
export function choose(title, choices, { more } = {}) {
  let chosen = null;
  const pick = (value) => {
    chosen = value;
    DIALOG.close("yes");
  };
  const buttons = choices.map(({ title: name, hint, value, key }) =>
    el("button", { type: "button", click: () => pick(value) },
      el("span", null, name), hint && el("span", { class: "hint" }, hint), key && el("kbd", null, key)));
  const onKey = (event) => {
    if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)) return;
    const found = choices.find((one) => one.key?.toLowerCase() === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    pick(found.value);
  };
  const list = el("div", { class: "choices" }, buttons);
  const answer = () => chosen ?? more?.value() ?? null;
  return ask(title, [list, more?.node].filter(Boolean), more?.yes, answer, { first: buttons[0], onKey });
}

/** Resolves to what `read` tells of a form of one's own, or null. */
export function fill(title, nodes, { yes, first, read }) {
  return ask(title, nodes, yes, read, { first, typing: true });
}

export function showKeys(keys) {
  const caps = (shown) => el("th", { scope: "row" }, shown.map((key) => el("kbd", null, key)));
  const rows = keys.map(({ shown, does }) => el("tr", null, caps(shown), el("td", null, does)));
  return ask("Keys", [el("table", { class: "keys" }, el("tbody", null, rows))], "Close", () => true, { cancel: false });
}

/** Show something until the agent closes it. */
export function view(title, nodes, onKey) {
  return ask(title, nodes, "Close", () => true, { cancel: false, onKey });
}

export const isAsking = () => DIALOG.open;

function ask(title, content, yes, answer, { first, cancel = true, typing = false, onKey } = {}) {
  return new Promise((resolve) => {
    const confirm = yes && el("button", { type: "submit", class: "primary", value: "yes" }, yes, el("kbd", null, typing ? "Ctrl Enter" : "Enter"));
    const form = el("form", { method: "dialog" },
      el("h2", { id: "dialog-title" }, title), ...content,
      el("div", { class: "buttons" }, confirm,
        cancel && el("button", { type: "submit", value: "no", formnovalidate: true }, "Cancel", el("kbd", null, "Esc"))));
    DIALOG.replaceChildren(form);
    DIALOG.returnValue = "no";
    const listen = (event) => {
      event.stopPropagation(); // a key that closes the dialog means nothing to the page behind it
      if (!enter(event, form, confirm, typing)) onKey?.(event);
    };
    DIALOG.addEventListener("keydown", listen);
    const ended = () => {
      DIALOG.removeEventListener("keydown", listen);
      resolve(DIALOG.returnValue === "yes" ? answer() : null);
    };
    DIALOG.addEventListener("close", ended, { once: true });
    DIALOG.showModal();
    (first ?? confirm).focus();
  });
}

/** Enter in a choice, and Ctrl+Enter in a text, say yes. */
function enter(event, form, confirm, typing) {
  const inField = event.target.tagName === "SELECT" || event.target.tagName === "INPUT";
  const meant = event.key === "Enter" && confirm && (typing ? event.ctrlKey || event.metaKey : inField);
  if (!meant) return false;
  event.preventDefault();
  if (form.reportValidity()) DIALOG.close("yes");
  return true;
}
