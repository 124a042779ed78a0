/** The one way from the policy page to the API. */

/** What the API refused; `errors` name lines and keys of what was sent. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The server answered ${status}.`);
    this.status = status;
    this.errors = problem.errors ?? [];
  }
}

const ROOT = "/v1/admin/policy";
let csrf = "";

export async function whoAmI() {
  const me = await call("GET", "/v1/admin/me");
  csrf = me.csrf;
  return me;
}

export const readMatrix = () => call("GET", `${ROOT}/matrix`);
export const readVersions = () => call("GET", `${ROOT}/versions?limit=100`);
export const readVersion = (number) => call("GET", `${ROOT}/versions/${number}`);
export const compare = (number) => call("GET", `${ROOT}/versions/${number}/diff`);
export const changeCell = (change) => call("POST", `${ROOT}/cell`, json(change));
export const rollBack = (version) => call("POST", `${ROOT}/rollback`, json({ version }));
export const explain = (question) => call("POST", `${ROOT}/explain`, json(question));
export const check = (text) => call("POST", `${ROOT}/check`, yaml(text));
export const activate = (text) => call("POST", ROOT, yaml(text));
export const replay = (text, since) => call("POST", `${ROOT}/replay?since=${encodeURIComponent(since)}`, yaml(text));

const json = (value) => ({ type: "application/json", text: JSON.stringify(value) });
const yaml = (text) => ({ type: "application/yaml", text });

async function call(method, path, body) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body) headers["Content-Type"] = body.type;
  const response = await reach(path, { method, headers, body: body?.text, credentials: "same-origin" });
  if (response.status === 401) location.assign("/desk/sign-in");
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
  return response.json();
}

async function reach(path, request) {
  try {
    return await fetch(path, request);
  } catch {
    throw new Refused(0, { detail: "The server cannot be reached. Nothing you wrote is lost." });
  }
}
