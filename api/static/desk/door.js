/** The one way from the desk and the floor to the API. */

import { answered, Refused } from "../calling.js";

export { patiently, Refused } from "../calling.js";

const SILENT = "The server cannot be reached. Nothing you wrote is lost; try again in a moment.";

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

function remember(me) {
  csrf = me.csrf;
  return me;
}

/** One request; for the modules that know its path. */
export async function call(method, path, body, more = {}) {
  const headers = { Accept: "application/json", ...more };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body) headers["Content-Type"] = "application/json";
  const request = { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" };
  try {
    return await answered(path, request, SILENT);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) location.assign("/desk/sign-in");
    throw error;
  }
}
