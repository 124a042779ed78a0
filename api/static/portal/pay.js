/** The demo shop's payment page. */

import { answered, Refused } from "../calling.js";
import { el } from "../dom.js";
import { money } from "../money.js";

const MAIN = document.getElementById("pay");
const [NOTICE, PAYMENT] = [document.getElementById("notice"), document.getElementById("payment")];
const path = `/v1/payment-links/${encodeURIComponent(MAIN.dataset.link)}`;

const SAID = { paid: "It is paid. Thank you! We go on at once; you can close this page.", closed: "There is nothing to pay here any more." };

function call(method, address, body) {
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  const request = { method, headers, body: body && JSON.stringify(body), credentials: "omit" };
  return answered(address, request, "We cannot be reached right now. Try again in a moment.");
}

function show(link) {
  document.getElementById("brand").textContent = link.brand;
  const amount = el("p", { class: "amount" }, money(link.amount_minor, link.currency));
  const button = el("button", { type: "button", class: "primary", click: () => pay(button) }, "Pay by card");
  PAYMENT.replaceChildren(
    el("p", null, `For your order ${link.order}`), amount,
    link.state === "open" ? button : el("p", { class: "headline" }, SAID[link.state]),
    el("p", { class: "soft" }, "This is a demo shop: no card is asked for, and no money moves."));
}

async function pay(button) {
  button.disabled = true;
  await attempt(() => call("POST", `${path}/pay`, { method: "card" }));
  button.disabled = false;
}

async function attempt(work) {
  try {
    show(await work());
    NOTICE.hidden = true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    NOTICE.textContent = error.message;
    NOTICE.hidden = false;
  }
}

await attempt(() => call("GET", path));
