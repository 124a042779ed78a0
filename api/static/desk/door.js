/** The one way from the desk and the floor to the API. */

/** What the API refused, as a sentence for people; `status` 0 means that it could not be reached. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

const PATIENCE_MS = [500, 1500, 4000];
const AWAY = new Set([0, 502, 503, 504]);

let csrf = "";

export async function whoAmI() {
  return remember(await call("GET", "/v1/desk/me"));
}

export async function bePresent(presence) {
  return remember(await call("PUT", "/v1/desk/presence", { presence }));
}

export async function stayPresent() {
  return remember(await call("POST", "/v1/desk/heartbeat"));
}

const place = (id) => `/v1/desk/work/${encodeURIComponent(id)}`;

export const readWork = () => call("GET", "/v1/desk/work");
export const readItem = (id) => call("GET", place(id));
export const readColleagues = () => call("GET", "/v1/desk/colleagues");
export const readFloor = () => call("GET", "/v1/desk/floor");
export const readQueues = () => call("GET", "/v1/desk/queues");
export const act = (id, verb, body = {}) => call("POST", `${place(id)}/${verb}`, body);
export const judge = (id, suggestion, body) => act(id, `suggestions/${encodeURIComponent(suggestion)}`, body);
export const pull = (body) => call("POST", "/v1/desk/pull", body);
export const spotPromises = (body) => call("POST", "/v1/desk/promises", body);
export const closePromise = (id, verb) => call("POST", `/v1/desk/commitments/${encodeURIComponent(id)}/${verb}`, {});
export const setPresence = (id, presence) => call("PUT", `/v1/desk/agents/${encodeURIComponent(id)}/presence`, { presence });
export const signOut = () => call("POST", "/desk/sign-out");

/** Try again while the server is away for a moment; only for what the API takes twice without harm. */
export async function patiently(work, onWait) {
  for (const pause of PATIENCE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused) || !AWAY.has(error.status)) throw error;
      onWait();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}

function remember(me) {
  csrf = me.csrf;
  return me;
}

/** One request; for the modules that know its path. */
export async function call(method, path, body, more = {}) {
  const headers = { Accept: "application/json", ...more };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body) headers["Content-Type"] = "application/json";
  const response = await reach(path, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" });
  if (response.status === 401) location.assign("/desk/sign-in");
  if (!response.ok) throw new Refused(response.status, await sentence(response));
  return response.headers.get("Content-Type")?.includes("json") ? response.json() : null;
}

async function reach(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new Refused(0, "The server cannot be reached. Nothing you wrote is lost; try again in a moment.");
  }
}

async function sentence(response) {
  const problem = await response.json().catch(() => ({}));
  const fields = (problem.errors ?? []).map((error) => `${error.field}: ${error.message}`).join("; ");
  return [problem.detail || problem.title || `The server answered ${response.status}.`, fields].filter(Boolean).join(" ");
}
