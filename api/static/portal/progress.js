/** How what was asked for goes on, and what the customer can do about it. */

import { el, randomKey } from "../dom.js";
import { money } from "../money.js";
import { redraw } from "../desk/redraw.js";
import { callOff, choose, sendPhoto } from "./door.js";
import { moment } from "./words.js";

/** `act(work, said)` does something, tells it, and shows what is true afterwards. */
export function showFlows(container, flows, act) {
  container.hidden = flows.length === 0;
  return redraw(container, flows, () => [el("h2", null, "What is going on"), flows.map((flow) => card(flow, act))]);
}

function card(flow, act) {
  const isOpen = flow.state !== "closed";
  return el("article", { class: isOpen ? "flow open" : "flow", "aria-labelledby": `title-${flow.flow_id}` },
    el("h3", { id: `title-${flow.flow_id}`, tabindex: "-1", "data-focus": `title-${flow.flow_id}` }, flow.title),
    flow.items.length > 0 && el("p", { class: "soft" }, flow.items.join(", ")),
    el("p", { class: "headline" }, flow.headline),
    flow.next && el("p", null, flow.next),
    flow.deadline && el("p", { class: "deadline" }, `Until ${moment(flow.deadline)}`),
    flow.label && label(flow),
    flow.payment && !flow.payment.paid && pay(flow.payment),
    flow.choices.length > 0 && choices(flow, act),
    flow.wants_photo && photo(flow, act),
    flow.tracking && el("p", null, `Tracking number of what we sent you: ${flow.tracking}`),
    flow.refunded && el("p", null, `Paid back: ${money(flow.refund_minor, flow.currency)}`),
    steps(flow),
    flow.can_cancel && cancel(flow, act));
}

function label({ label: code, is_drop_off: dropOff, flow_id: id }) {
  return el("p", { class: "label" }, dropOff ? "Show this code at the drop-off point:" : "Number of your label:",
    el("strong", { "data-focus": `label-${id}` }, code));
}

function pay({ url, link_id: id, amount_minor: amount, currency }) {
  const path = URL.canParse(url, location.href) ? new URL(url, location.href).pathname : "";
  const href = path === `/pay/${id}` ? path : `/pay/${encodeURIComponent(id)}`;
  return el("p", { class: "buttons" }, el("a", { class: "button primary", href, "data-focus": `pay-${id}` }, `Pay ${money(amount, currency)}`));
}

function choices({ flow_id: id, choices: all }, act) {
  const one = ({ choice, text }) => el("button", {
    type: "button", "data-focus": `choose-${id}-${choice}`, click: () => act(() => choose(id, choice), `Chosen: ${text}.`),
  }, text);
  return el("div", { class: "buttons", role: "group", "aria-label": "How shall we go on?" }, all.map(one));
}

function photo({ flow_id: id }, act) {
  const key = randomKey();
  const input = el("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif", multiple: true, required: true, id: `photo-${id}` });
  const button = el("button", { type: "submit", class: "primary", "data-focus": `send-${id}` }, "Send the photo");
  const send = (event) => {
    event.preventDefault();
    if (!input.files.length) return;
    button.disabled = true;
    act(() => sendPhoto(id, input.files, key), "Your photo has been sent.").finally(() => (button.disabled = false));
  };
  return el("form", { class: "photo", submit: send },
    el("label", { class: "field", for: `photo-${id}` }, "A photo of what is wrong (up to 4, each below 5 MB)"), input, button);
}

function steps({ done, flow_id: id, state }) {
  const list = el("ol", { class: "steps" }, done.map(({ at, text }) =>
    el("li", null, el("span", null, text), el("time", { datetime: at }, moment(at)))));
  if (state !== "closed") return list;
  return el("details", null, el("summary", { "data-focus": `steps-${id}` }, "What happened"), list);
}

function cancel({ flow_id: id, title }, act) {
  const box = el("div", { class: "buttons" });
  const ask = () => {
    const no = el("button", { type: "button", click: first }, "No");
    const yes = el("button", { type: "button", class: "danger", click: () => act(() => callOff(id), "Called off.") }, "Yes, call it off");
    box.replaceChildren(el("span", { role: "alert" }, `Really call off “${title}”?`), yes, no);
    no.focus();
  };
  const first = () => {
    const button = el("button", { type: "button", class: "quiet", "data-focus": `cancel-${id}`, click: ask }, "Call it off");
    box.replaceChildren(button);
    return button;
  };
  first();
  return box;
}

export function focusOn(id) {
  document.getElementById(`title-${id}`)?.focus();
}

