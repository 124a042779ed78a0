/** The customer's own page: an order, what can be asked about it, and how it goes on. */

import { el } from "../dom.js";
import { Asking } from "./asking.js";
import { readFlows, readPortal, Refused, takeToken } from "./door.js";
import { showOrder } from "./order.js";
import { focusOn, showFlows } from "./progress.js";

const LOOK_MS = 4000;
const part = (id) => document.getElementById(id);
const [NOTICE, STATUS, FLOWS] = [part("notice"), part("status"), part("flows")];

let order = "";
let flows = [];

const asking = new Asking(part("ask"), { tell, done: started });

function tell(sentence) {
  STATUS.textContent = sentence;
}

function complain(error) {
  if (!(error instanceof Refused)) throw error;
  NOTICE.textContent = error.message;
  NOTICE.hidden = false;
}

/** Read and show everything. */
async function refresh() {
  const portal = await readPortal(order);
  order = portal.order.number;
  NOTICE.hidden = true;
  part("brand").textContent = portal.brand;
  part("who").textContent = portal.name ? `Hello ${portal.name}` : "";
  part("title").textContent = "Your order";
  document.title = `Order ${order} · ${portal.brand}`;
  showChoice(portal.orders);
  showOrder(part("order"), portal.order);
  if (!asking.isFilling) asking.show(portal);
  show(portal.flows);
  return portal;
}

function showChoice(numbers) {
  const pick = (event) => {
    order = event.target.value;
    part("ask").replaceChildren();
    refresh().catch(complain);
  };
  const select = el("select", { change: pick }, numbers.map((one) => el("option", { value: one, selected: one === order }, one)));
  part("choose").replaceChildren(...(numbers.length > 1 ? [el("label", { class: "field" }, "Which order?", select)] : []));
}

function show(found) {
  const told = new Map(flows.map((one) => [one.flow_id, one.headline]));
  const news = found.find((one) => told.has(one.flow_id) && told.get(one.flow_id) !== one.headline);
  flows = found;
  showFlows(FLOWS, flows, act);
  if (news) tell(`${news.title}: ${news.headline}`);
}

async function started(flow) {
  await refresh();
  focusOn(flow.flow_id);
}

async function act(work, said) {
  try {
    await work();
    tell(said);
    NOTICE.hidden = true;
  } catch (error) {
    complain(error);
  }
  await refresh().catch(complain);
}

/** Look again while something is open and the page is before the customer's eyes. */
async function follow() {
  if (document.hidden || !flows.some((one) => one.state !== "closed")) return;
  try {
    const asked = order;
    const found = await readFlows(asked);
    if (asked !== order) return;
    const ended = found.some((one) => one.state === "closed" && flows.some((known) => known.flow_id === one.flow_id && known.state !== "closed"));
    if (ended) await refresh();
    else show(found);
  } catch (error) {
    if (!(error instanceof Refused)) throw error; // it is looked again in a moment
  }
}

takeToken();
window.addEventListener("hashchange", () => location.hash && (takeToken(), (order = ""), refresh().catch(complain)));
document.addEventListener("visibilitychange", follow);
setInterval(follow, LOOK_MS);
try {
  const portal = await refresh();
  if (portal.flow_id) focusOn(portal.flow_id);
} catch (error) {
  complain(error);
}
