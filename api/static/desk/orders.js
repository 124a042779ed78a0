/** The customer's orders: as the brief holds them, or as the shop has them now, with what can be done about each. */

import { el } from "../dom.js";
import { flows, offers } from "./offers.js";
import { day, money, term } from "./words.js";

export function orders(all) {
  return el("section", { class: "orders" }, el("h2", null, "Orders"), all.map((one, place) => order(one, place === 0)));
}

/** `panel` is what `OrdersPanel` knows. */
export function liveOrders(panel, actions) {
  const others = panel.flows.filter((flow) => !panel.orders.some(({ number }) => number === flow.order));
  return el("section", { class: "orders" }, el("h2", null, "Orders"),
    panel.orders.map((one) => order(one, panel.opened.includes(one.number), {
      fold: (event) => actions.onFold(one.number, event.target.open),
      parts: [flows(panel.flows.filter((flow) => flow.order === one.number), actions), offers(one, panel.offers[one.number], actions)],
    })),
    flows(others, actions));
}

function order({ number, state, placed_at: placed, total, lines, shipments }, isOpen, { fold, parts = [] } = {}) {
  return el("details", { open: isOpen, toggle: fold },
    el("summary", { "data-focus": `order-${number}` },
      el("strong", null, number),
      el("span", { class: `state ${state}` }, term(state)),
      el("span", null, money(total))),
    el("p", { class: "placed" }, `Placed on ${day(placed)}`),
    el("ul", null, lines.map(entry)),
    shipments.map(parcel),
    parts);
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
