/** The chat session: a token that proves to the API that this browser is the one that began the conversation. */

import { browserKeeps } from "../keep.js";

const KEY = "baton.chat.session";
const MARGIN_MS = 60_000;

export class Session {
  #api;
  #customerToken;
  #who;
  #held;
  #opening = null;

  constructor(api, customerToken, customerRef) {
    this.#api = api;
    this.#customerToken = customerToken;
    this.#who = customerRef || customerToken;
    this.reread();
  }

  /** Take over what another tab has stored. A session of somebody else, or one that ran out, does not count. */
  reread() {
    const stored = browserKeeps.read(KEY);
    const mine = stored && stored.who === this.#who && stored.expires > Date.now() + MARGIN_MS;
    this.#held = mine ? stored : null;
    return Boolean(mine);
  }

  /** The path of the conversation's event stream, once there is a conversation. */
  get events() {
    return this.#held?.events ?? null;
  }

  eventsAddress(after) {
    const url = new URL(this.#held.events, this.#api);
    url.searchParams.set("token", this.#held.token);
    url.searchParams.set("after", String(after));
    return url.href;
  }

  /** Where a picture of the conversation is shown: it is fetched without headers, so the address has the token. */
  fileAddress(id) {
    const url = new URL(`/v1/attachments/${encodeURIComponent(id)}`, this.#api);
    url.searchParams.set("token", this.#held?.token ?? "");
    return url.href;
  }

  /** The session's token; opens a session if there is none. Throws the `Response` with which the API refuses. */
  async token() {
    if (!this.#held && !this.reread()) await (this.#opening ??= this.#open().finally(() => (this.#opening = null)));
    return this.#held.token;
  }

  /** Leave the chat for mail; true if a transcript is on its way to the customer's proven address. */
  async leave() {
    if (!this.#held?.events) return false;
    const response = await this.#tell("leave");
    return response.ok && (await response.json()).continues_by_mail;
  }

  /** Do not wait for a person any more. */
  leaveQueue() {
    return this.#tell("leave-queue", {});
  }

  /** Leave a message instead of waiting; the same key again is the same message. */
  leaveMessage(text, key) {
    return this.#tell("leave-message", { text }, { "Idempotency-Key": key });
  }

  #tell(verb, body, headers) {
    const address = new URL(this.#held.events.replace(/\/events$/, `/${verb}`), this.#api);
    const json = body ? { "Content-Type": "application/json" } : {};
    return fetch(address, {
      method: "POST",
      headers: { Authorization: `Bearer ${this.#held.token}`, ...json, ...headers },
      body: body && JSON.stringify(body),
    });
  }

  talksIn(eventsPath) {
    if (!this.#held || this.#held.events === eventsPath) return;
    this.#store({ ...this.#held, events: eventsPath });
  }

  forget() {
    this.#held = null;
    browserKeeps.forget(KEY);
  }

  async #open() {
    let response = await this.#ask(this.#customerToken ? { customer_token: this.#customerToken } : {});
    // A page that stood open for long holds a stale token: the customer may chat all the same, as one unknown.
    if (response.status === 401 && this.#customerToken) response = await this.#ask({});
    if (!response.ok) throw response;
    const { session, expires_in: seconds } = await response.json();
    this.#store({ token: session, expires: Date.now() + seconds * 1000, who: this.#who, events: null });
  }

  #ask(body) {
    return fetch(new URL("/v1/chat/sessions", this.#api), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  #store(held) {
    this.#held = held;
    browserKeeps.write(KEY, held);
  }
}
