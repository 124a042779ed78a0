/** The buttons of an order with policy's verdict beside each, and how running flows stand. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { money, moment, plain } from "./words.js";

const TITLES = {
  return: "Return", exchange: "Exchange", cancellation: "Cancel", address_change: "Change address",
  refund: "Refund", claim: "Claim",
};
const STATES = {
  working: "working", awaiting_approval: "waits for an approval", awaiting_payment: "waits for a payment",
  awaiting_photo: "waits for a photo", awaiting_parcel: "waits for the parcel", in_transit: "parcel on its way back",
  awaiting_inspection: "waits for the inspection", awaiting_customer: "waits for the customer",
  awaiting_party: "waits for a partner", awaiting_person: "a person takes care of it", waiting: "waits for its time",
};

export function offers(order, found, { onFlow, onLink }) {
  if (!found) return el("p", { class: "explanation" }, "Asking what policy says …");
  return el("div", null,
    el("ul", { class: "offers" }, found.offers.map((offer) => row(order, offer, found.products, onFlow))),
    el("div", { class: "buttons" },
      button("Copy link for the customer", { focus: `copy-${order.number}`, kind: "quiet", run: () => onLink(order, "copy") }),
      button("Link into my reply", { focus: `link-${order.number}`, kind: "quiet", run: () => onLink(order, "insert") })));
}

function row(order, offer, products, onFlow) {
  const id = `verdict-${order.number}-${offer.kind}`;
  const node = button(TITLES[offer.kind], { focus: `ask-${order.number}-${offer.kind}`, run: () => onFlow(order, offer, products) });
  node.disabled = !offer.verdict.allowed;
  node.setAttribute("aria-describedby", id);
  return el("li", null, node, el("span", { id, class: offer.verdict.allowed ? "yes" : "no" }, verdictWords(offer.verdict)));
}

export function verdictWords(said) {
  if (!said.allowed) return said.detail ? `${said.words} (${plain(said.detail)})` : said.words;
  const amount = (minor) => money({ minor, currency: said.currency });
  const parts = [
    said.refund_minor > 0 && `${amount(said.refund_minor)} back`,
    said.charge_minor > 0 && `${amount(said.charge_minor)} to pay`,
    said.fee_minor > 0 && `${amount(said.fee_minor)} fee counted in`,
    said.keeps_it && "customer keeps it",
    said.needs_approval && "a person approves",
    said.return_by && `until ${moment(said.return_by)}`,
  ].filter(Boolean);
  return parts.length ? parts.join(" · ") : "allowed";
}

export function flows(all, { onCancelFlow }) {
  return el("div", { class: "flows" }, all.map((flow) => el("article", { class: `flow ${flow.outcome || "open"}`, "data-flow": flow.id },
    el("strong", null, plain(flow.kind).replace(/^./, (letter) => letter.toUpperCase())),
    el("span", null, flow.state === "closed" ? `${plain(flow.outcome)}${flow.reason ? `: ${plain(flow.reason)}` : ""}` : (STATES[flow.state] ?? plain(flow.state))),
    el("span", { class: "soft" }, [flow.items.join(", "), `asked by ${flow.asked_by_name || plain(flow.asked_by.split(":")[0])}`, moment(flow.opened_at)].filter(Boolean).join(" · ")),
    flow.facts.label && el("span", { class: "soft" }, `Label ${flow.facts.label}`),
    flow.facts.refunded_minor > 0 && el("span", { class: "soft" }, `Paid back ${money({ minor: flow.facts.refunded_minor, currency: flow.verdict.currency })}`),
    flow.can_cancel && button("Call off", { focus: `off-${flow.id}`, kind: "quiet", run: () => onCancelFlow(flow) }))));
}
