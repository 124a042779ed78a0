/** Parts of the forms. Each knows its label, and tells what was chosen. */

import { el } from "../dom.js";
import { money } from "../money.js";
import { options } from "./words.js";

export function choice(label, values, say) {
  const select = el("select", null, values.map((value) => el("option", { value }, say(value))));
  return { node: el("label", { class: "field" }, label, select), read: () => select.value };
}

export function radios(legend, name, entries) {
  const inputs = entries.map(([value], place) => el("input", { type: "radio", name, value, checked: place === 0 }));
  const rows = entries.map(([, text, hint], place) =>
    el("label", { class: "option" }, inputs[place], el("span", null, text, hint && el("small", null, hint))));
  const node = el("fieldset", null, el("legend", null, legend), rows);
  return { node, read: () => inputs.find((input) => input.checked)?.value };
}

export function text(label, value, { required = true, autocomplete, maxlength = "200" } = {}) {
  const input = el("input", { type: "text", maxlength, required, autocomplete, value: value ?? "" });
  return { node: el("label", { class: "field" }, label, input), read: () => input.value.trim() };
}

export function longText(label) {
  const box = el("textarea", { rows: "3", maxlength: "2000" });
  return { node: el("label", { class: "field" }, label, box), read: () => box.value.trim() };
}

export function tick(label) {
  const input = el("input", { type: "checkbox" });
  return { node: el("label", { class: "option" }, input, el("span", null, label)), read: () => input.checked };
}

/**
 * The lines of an order to choose among. `said` tells of each whether it can be chosen, else why not; `more(line)`
 * makes a field that is shown while the line is chosen.
 */
export function lines(legend, order, said, { more, all = false } = {}) {
  const rows = order.lines.map((line) => row(line, open(line), said?.find((one) => one.line_id === line.line_id), more, all));
  const node = el("fieldset", null, el("legend", null, legend), rows.map(({ node: one }) => one));
  return { node, read: () => rows.map(({ read }) => read()).filter(Boolean), isAll: () => rows.every(({ isWhole }) => isWhole()) };
}

const open = (line) => line.quantity - line.cancelled - line.returned - line.returning;

function row(line, left, said, more, all) {
  const isRefused = left < 1 || said?.allowed === false;
  const box = el("input", { type: "checkbox", disabled: isRefused, checked: all && !isRefused });
  const units = el("select", { "aria-label": `How many of ${line.title}` },
    Array.from({ length: Math.max(left, 1) }, (_, place) => el("option", { value: String(place + 1), selected: place + 1 === left }, String(place + 1))));
  const extra = more && !isRefused ? more(line) : null;
  const details = el("div", { class: "details", hidden: !box.checked }, left > 1 && el("label", { class: "field" }, "How many", units), extra?.node);
  box.addEventListener("change", () => (details.hidden = !box.checked));
  const why = left < 1 ? "Nothing left of it to choose." : said?.words;
  const node = el("div", { class: isRefused ? "line refused" : "line" },
    el("label", { class: "option" }, box, el("span", null, line.title,
      el("small", null, isRefused ? why : money(line.unit_price.minor, line.unit_price.currency)))), details);
  const read = () => box.checked && { line_id: line.line_id, quantity: Number(units.value), ...extra?.read() };
  return { node, read, isWhole: () => left < 1 || (box.checked && Number(units.value) === left) };
}

/** Variants to exchange a line for: of its product, and of others if `find` is given. */
export function variants(line, products, find) {
  const select = el("select", null);
  const fill = (found) => select.replaceChildren(...found.map((product) => el("optgroup", { label: product.title }, product.variants.map((one) => variant(line, one)))));
  const own = products.filter((product) => product.product_id === line.product_id || product.variants.some(({ sku }) => sku === line.sku));
  fill(own);
  const other = [...select.options].find((one) => !one.disabled && one.value !== line.sku);
  if (other) other.selected = true;
  const node = el("div", null, el("label", { class: "field" }, "In exchange for", select), find && search(line, select, own, fill, find));
  return { node, read: () => ({ new_sku: select.value }) };
}

function variant(line, one) {
  const difference = one.price.minor - line.unit_price.minor;
  const price = difference === 0 ? "same price" : `${difference > 0 ? "+" : "−"}${money(Math.abs(difference), one.price.currency)}`;
  return el("option", { value: one.sku, disabled: !one.available }, `${options(one)} (${one.available ? price : "sold out"})`);
}

function search(line, select, own, fill, find) {
  const box = el("input", { type: "search", maxlength: "100", "aria-label": `Another product instead of ${line.title}`, placeholder: "Or look for another product" });
  const look = async () => {
    const found = box.value.trim() ? await find(box.value.trim()) : [];
    fill([...found, ...own.filter(({ product_id: id }) => !found.some((one) => one.product_id === id))]);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const button = el("button", { type: "button", click: look }, "Look");
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    look();
  });
  return el("div", { class: "search" }, box, button);
}
