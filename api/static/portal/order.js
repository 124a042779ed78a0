/** What was ordered, and where it is. */

import { el } from "../dom.js";
import { money } from "../money.js";
import { day, orderState, parcelState } from "./words.js";

export function showOrder(container, order) {
  container.replaceChildren(
    el("h2", null, `Order ${order.number}`),
    el("p", { class: "soft" }, `Placed on ${day(order.placed_at)}, ${orderState(order.state)}. Total ${money(order.total.minor, order.total.currency)}.`),
    el("ul", { class: "lines" }, order.lines.map(line)),
    ...order.shipments.map(parcel));
}

function line(one) {
  const gone = [
    one.cancelled && `${one.cancelled} cancelled`,
    one.returned && `${one.returned} returned`,
    one.returning && `${one.returning} on the way back`,
  ].filter(Boolean);
  return el("li", null,
    el("span", null, `${one.quantity} × ${one.title}`, gone.length > 0 && el("small", null, gone.join(", "))),
    el("span", { class: "price" }, money(one.unit_price.minor * one.quantity, one.unit_price.currency)));
}

function parcel(one, place) {
  const when = one.delivered_at ? ` on ${day(one.delivered_at)}` : one.expected_on ? `, expected on ${day(one.expected_on)}` : "";
  return el("p", { class: "soft" }, `Parcel ${place + 1}: ${parcelState(one.state)}${when} (${one.carrier} ${one.tracking_number})`);
}
