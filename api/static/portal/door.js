/** The one way from the customer's page to the API. The link's token stays in this tab, and is sent as a header only. */

const KEPT = "baton-portal";
const PATIENCE_MS = [800, 2000, 5000];
const AWAY = new Set([0, 502, 503, 504]);

/** What the API refused, as a sentence for people; `rule` names the rule that stands against it. */
export class Refused extends Error {
  constructor(status, sentence, rule = "") {
    super(sentence);
    this.status = status;
    this.rule = rule;
  }
}

/** Take the token out of the address, where it would be copied and shown. */
export function takeToken() {
  const given = location.hash.slice(1);
  if (!given) return;
  sessionStorage.setItem(KEPT, given);
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

async function patiently(work) {
  for (const pause of PATIENCE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused) || !AWAY.has(error.status)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}

async function call(method, path, body, more = {}) {
  const token = sessionStorage.getItem(KEPT);
  if (!token) throw new Refused(401, "Open the link from your message again.");
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}`, ...more };
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const response = await reach(path, { method, headers, body: isForm ? body : body && JSON.stringify(body), credentials: "omit" });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

async function reach(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new Refused(0, "We cannot be reached right now. Nothing you entered is lost; try again in a moment.");
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  const [first] = problem.errors ?? [];
  const fields = (problem.errors ?? []).filter((one) => !one.rule).map((one) => `${one.field}: ${one.message}`).join("; ");
  const sentence = [problem.detail ?? "This did not work.", fields].filter(Boolean).join(" ");
  return new Refused(response.status, sentence, first?.rule ?? "");
}
