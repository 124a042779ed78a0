/** The customer's orders as the brief holds them. */

import { el } from "../dom.js";
import { day, money, term } from "./words.js";

export function orders(all) {
  return el("section", { class: "orders" }, el("h2", null, "Orders"), all.map(order));
}

function order({ number, state, placed_at: placed, total, lines, shipments }, place) {
  return el("details", { open: place === 0 },
    el("summary", { "data-focus": `order-${number}` },
      el("strong", null, number),
      el("span", { class: `state ${state}` }, term(state)),
      el("span", null, money(total))),
    el("p", { class: "placed" }, `Placed on ${day(placed)}`),
    el("ul", null, lines.map(entry)),
    shipments.map(parcel));
}

function entry({ quantity, title, unit_price: price }) {
  return el("li", null, `${quantity} × ${title}`, el("span", null, money(price)));
}

function parcel({ state, carrier, tracking_number: tracking, expected_on: expected, delivered_at: delivered }, place) {
  const when = delivered ? ` on ${day(delivered)}` : expected ? `, expected on ${day(expected)}` : "";
  return el("p", { class: `parcel ${state}` },
    el("strong", null, `Parcel ${place + 1}: ${term(state)}${when}`),
    el("span", null, `${carrier} ${tracking}`));
}
