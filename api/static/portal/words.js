/** How the page says dates and terms. */

const REASONS = {
  does_not_fit: "It does not fit",
  changed_mind: "I have changed my mind",
  not_as_described: "It is not as described",
  damaged: "It is damaged",
  wrong: "It is not what I ordered",
  missing: "Something is missing",
  other: "Another reason",
  unspecified: "I would rather not say",
};
const CONDITIONS = { unopened: "Unopened", opened: "Opened", worn: "Worn or used" };
const ORDERS = {
  pending: "not paid yet", paid: "being packed", partly_shipped: "partly on its way", shipped: "on its way",
  delivered: "delivered", cancelled: "cancelled", returned: "returned",
};
const PARCELS = {
  label_created: "being handed to the carrier", in_transit: "on its way", out_for_delivery: "out for delivery",
  delivered: "delivered", exception: "could not be delivered", returned: "on its way back to us",
};

export const plain = (term) => (term ?? "").replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
export const reason = (term) => REASONS[term] ?? plain(term);
export const condition = (term) => CONDITIONS[term] ?? plain(term);
export const orderState = (term) => ORDERS[term] ?? plain(term).toLowerCase();
export const parcelState = (term) => PARCELS[term] ?? plain(term).toLowerCase();

export function day(instant) {
  return new Date(instant).toLocaleDateString([], { weekday: "short", day: "numeric", month: "long" });
}

export function moment(instant) {
  const time = new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `${day(instant)}, ${time}`;
}

/** Option values of a variant, e.g. `M, grey`. */
export const options = (variant) => Object.values(variant.options).join(", ") || variant.sku;
