/** The forms: for each kind of request its fields, how they become a request, and how it is read back. */

import { el } from "../dom.js";
import { money } from "../money.js";
import { choice, lines, longText, radios, text, tick, variants } from "./fields.js";
import { condition, reason } from "./words.js";

export const ACTIONS = {
  return: { title: "Send something back", does: "Return for money or store credit" },
  exchange: { title: "Exchange something", does: "For another variant or product" },
  claim: { title: "Report a problem", does: "Damaged, wrong or missing" },
  cancellation: { title: "Cancel", does: "What has not been sent yet" },
  address_change: { title: "Change the address", does: "Before it is sent" },
};

const COMPLAINTS = [["damaged", "It is damaged"], ["wrong", "It is not what I ordered"], ["missing", "It was not in the parcel"]];
const REMEDIES = [["replacement", "Send it again"], ["refund", "Pay my money back"]];

/** The form of a kind: `{nodes, read() -> request, tell(verdict) -> sentences}`. */
export function formOf(kind, portal, offer, { find }) {
  const words = longText("Anything we should know? (optional)");
  const form = FORMS[kind](portal, offer, find);
  return { ...form, nodes: [...form.nodes, words.node], words: words.read };
}

const FORMS = { return: returning, exchange: exchanging, claim: claiming, cancellation: cancelling, address_change: moving };

function returning({ order, credit_bonus: bonus }, { lines: said, choices }) {
  const items = lines("What do you send back?", order, said);
  const [why, how, receipt] = about(choices);
  const worth = bonus > 0 ? `worth ${bonus} % more, to spend in our shop` : "to spend in our shop";
  const to = radios("How do you want your money?", "refund_to", [
    ["original", "Back to how I paid"],
    ["store_credit", "As store credit", worth],
  ]);
  return {
    nodes: [items.node, why.node, how.node, receipt?.node, to.node],
    read: () => ({
      kind: "return", order: order.number, items: items.read(), reason: why.read(), condition: how.read(),
      has_receipt: receipt ? receipt.read() : true, refund_to: to.read(),
    }),
    tell: (verdict) => [
      ...list(order, items.read(), "comes back"),
      verdict.keeps_it && "You keep it: nothing has to be sent back.",
      `You get ${money(verdict.refund_minor, verdict.currency)} ${to.read() === "store_credit" ? "as store credit" : "back to how you paid"}${verdict.bonus_minor ? `, ${money(verdict.bonus_minor, verdict.currency)} of it as a bonus` : ""}, once we have looked at it.`,
      verdict.fee_minor > 0 && `Sending it back costs ${money(verdict.fee_minor, verdict.currency)}; that is taken off already.`,
    ],
  };
}

function exchanging({ order, products, other_products: others }, { lines: said, choices }, find) {
  const known = [...products];
  const look = async (words) => {
    const found = await find(words);
    known.push(...found);
    return found;
  };
  const items = lines("What do you exchange?", order, said, { more: (line) => variants(line, products, others ? look : null) });
  const [why, how, receipt] = about(choices);
  return {
    nodes: [items.node, why.node, how.node, receipt?.node],
    read: () => ({
      kind: "exchange", order: order.number, swaps: items.read(), reason: why.read(), condition: how.read(),
      has_receipt: receipt ? receipt.read() : true,
    }),
    tell: (verdict) => [
      ...items.read().map((swap) => `${swap.quantity} × ${titleOf(order, swap.line_id)} becomes ${newTitle(known, swap.new_sku)}.`),
      verdict.charge_minor > 0 && `You pay ${money(verdict.charge_minor, verdict.currency)} more. We send you a page for it.`,
      verdict.refund_minor > 0 && `You get ${money(verdict.refund_minor, verdict.currency)} back.`,
      verdict.charge_minor + verdict.refund_minor === 0 && "It costs the same: nothing to pay.",
      !verdict.keeps_it && "We send you a label for the way back.",
    ],
  };
}

function claiming({ order }, { lines: said }) {
  const items = lines("What is it about?", order, said);
  const what = radios("What is wrong?", "complaint", COMPLAINTS);
  const remedy = radios("What would you like?", "remedy", REMEDIES);
  return {
    nodes: [items.node, what.node, remedy.node],
    read: () => ({ kind: "claim", order: order.number, items: items.read(), complaint: what.read(), remedy: remedy.read() }),
    tell: () => [
      ...list(order, items.read(), COMPLAINTS.find(([key]) => key === what.read())[1].replace(/^It /, "")),
      remedy.read() === "refund" ? "You would like your money back." : "You would like it sent again.",
      "We may ask you for a photo here.",
    ],
  };
}

function cancelling({ order }, { choices }) {
  const items = lines("What do you cancel?", order, null, { all: true });
  const why = choice("Why?", choices.reasons, reason);
  return {
    nodes: [items.node, why.node],
    read: () => ({ kind: "cancellation", order: order.number, items: items.isAll() ? [] : items.read(), reason: why.read() }),
    tell: (verdict) => [
      ...(items.isAll() ? [`The whole order ${order.number} is cancelled.`] : list(order, items.read(), "is cancelled")),
      verdict.refund_minor > 0 && `You get ${money(verdict.refund_minor, verdict.currency)} back to how you paid.`,
    ],
  };
}

const ADDRESS = [
  ["name", "Name", "name", true], ["line1", "Street and number", "address-line1", true],
  ["line2", "More (optional)", "address-line2", false], ["postcode", "Postcode", "postal-code", true],
  ["city", "City", "address-level2", true], ["region", "State or province (optional)", "address-level1", false],
  ["country", "Country", "country", true],
];

function moving({ order }) {
  const fields = ADDRESS.map(([key, label, autocomplete, required]) => [key, text(label, order.address[key], { autocomplete, required })]);
  const read = () => Object.fromEntries(fields.map(([key, field]) => [key, field.read()]));
  return {
    nodes: [el("fieldset", null, el("legend", null, "Where should it go?"), fields.map(([, field]) => field.node))],
    read: () => ({ kind: "address_change", order: order.number, address: read() }),
    tell: () => {
      const { name, line1, line2, postcode, city, region, country } = read();
      return [`What is not yet sent goes to: ${[name, line1, line2, `${postcode} ${city}`, region, country].filter(Boolean).join(", ")}.`];
    },
  };
}

function about({ reasons, conditions, receipt }) {
  return [
    choice("Why?", reasons, reason),
    choice("What state is it in?", conditions, condition),
    receipt ? tick("I have the receipt") : null,
  ];
}

const titleOf = (order, id) => order.lines.find((line) => line.line_id === id)?.title ?? "item";
const list = (order, items, what) => items.map((item) => `${item.quantity} × ${titleOf(order, item.line_id)} ${what}.`);

function newTitle(products, sku) {
  const product = products.find(({ variants: all }) => all.some((one) => one.sku === sku));
  const found = product?.variants.find((one) => one.sku === sku);
  return found ? [product.title, ...Object.values(found.options)].join(", ") : sku;
}
