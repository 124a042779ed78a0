/** The question before an agent asks for a flow: the same fields as on the customer's page, with the verdict beside them. */

import { el } from "../dom.js";
import { digitsOf } from "../money.js";
import { choice, radios } from "../portal/fields.js";
import { ACTIONS, formOf } from "../portal/forms.js";
import { weigher } from "../portal/weighing.js";
import { fill } from "./dialogs.js";
import { judgeRequest } from "./flowdoor.js";
import { verdictWords } from "./offers.js";
import { plain } from "./words.js";

const GOODWILL = ["goodwill", "late", "other"];

/** Resolves to {request, words}, or null. */
export function askFlow(interaction, order, offer, products) {
  const shown = { order, products: products.map(available), credit_bonus: 0, other_products: false };
  const form = offer.kind === "refund" ? refunding(order) : formOf(offer.kind, shown, offer, {});
  const line = el("p", { class: "verdict", role: "status", "aria-live": "polite" });
  const box = el("div", { class: "asking" }, form.nodes.filter(Boolean), line);
  const weigh = weigher(() => judgeRequest(interaction, form.read()), (said) => {
    line.textContent = verdictWords(said);
    line.classList.toggle("no", !said.allowed);
  });
  box.addEventListener("input", weigh);
  box.addEventListener("change", weigh);
  weigh();
  const title = offer.kind === "refund" ? "Refund" : ACTIONS[offer.kind].title;
  const read = () => ({ request: form.read(), words: form.words?.() ?? "" });
  return fill(`${title}: ${order.number}`, [box], { yes: "Ask for it", first: box.querySelector("input, select"), read });
}

const available = (product) => ({ ...product, variants: product.variants.map((one) => ({ ...one, available: one.stock > 0 })) });

function refunding(order) {
  const { currency } = order.total;
  const digits = digitsOf(currency);
  const amount = el("input", { type: "number", min: String(10 ** -digits), step: String(10 ** -digits), required: true });
  const why = choice("Why?", GOODWILL, plain);
  const to = radios("Where to?", "refund_to", [["original", "Back to how they paid"], ["store_credit", "Store credit"]]);
  return {
    nodes: [el("label", { class: "field" }, `Amount in ${currency}`, amount), why.node, to.node],
    read: () => ({
      kind: "refund", order: order.number, amount_minor: Math.round(Number(amount.value) * 10 ** digits), currency,
      reason: why.read(), refund_to: to.read(),
    }),
  };
}
