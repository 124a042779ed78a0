/** The one way from the customer's page to the API. The link's token stays in this tab, and is sent as a header only. */

import { answered, patiently, Refused } from "../calling.js";
import { tabKeeps } from "../keep.js";

export { Refused } from "../calling.js";

const KEPT = "baton-portal";
const SILENT = "We cannot be reached right now. Nothing you entered is lost; try again in a moment.";

/** Take the token out of the address, where it would be copied and shown. */
export function takeToken() {
  const given = location.hash.slice(1);
  if (!given) return;
  tabKeeps.write(KEPT, given);
  history.replaceState(null, "", location.pathname);
}

const inOrder = (order) => (order ? `?order=${encodeURIComponent(order)}` : "");
const flow = (id, verb) => `/v1/portal/flows/${encodeURIComponent(id)}/${verb}`;

export const readPortal = (order) => call("GET", `/v1/portal${inOrder(order)}`);
export const readFlows = (order) => call("GET", `/v1/portal/flows${inOrder(order)}`);
export const findProducts = (text) => call("GET", `/v1/portal/products?text=${encodeURIComponent(text)}`);
export const judge = (request) => call("POST", "/v1/portal/verdict", { request });
export const callOff = (id) => call("POST", flow(id, "cancel"), {});
export const choose = (id, choice) => call("POST", flow(id, "choice"), { choice });

/** Ask for it. The same key is the same request, so that it is tried again while the server is away. */
export function start(request, words, key) {
  const body = { request, words, confirmed: true };
  return patiently(() => call("POST", "/v1/portal/flows", body, { "Idempotency-Key": key }));
}

export function sendPhoto(id, files, key) {
  const form = new FormData();
  for (const file of files) form.append("attachments", file, file.name);
  return patiently(() => call("POST", flow(id, "photo"), form, { "Idempotency-Key": key }));
}

async function call(method, path, body, more = {}) {
  const token = tabKeeps.read(KEPT);
  if (!token) throw new Refused(401, "Open the link from your message again.");
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}`, ...more };
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  return answered(path, { method, headers, body: isForm ? body : body && JSON.stringify(body), credentials: "omit" }, SILENT);
}
