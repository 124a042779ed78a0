/**
 * What the customer has written and the API has not confirmed yet. Each text keeps its key until it is confirmed, also
 * over a reload, so that trying again never doubles it; texts go out one after the other, so that they stay in order.
 */

import { randomKey } from "../dom.js";
import { tabKeeps } from "../keep.js";

const KEY = "baton.chat.outbox";
const ATTEMPTS = 8;
const LONGEST_WAIT_MS = 20_000;

export class Outbox extends EventTarget {
  #api;
  #session;
  #running = false;

  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
    this.entries = tabKeeps.read(KEY) ?? [];
  }

  add(text) {
    this.entries.push({ key: randomKey(), text, state: "sending", note: "", messageId: null });
    this.#changed();
    this.run();
  }

  again(key) {
    const entry = this.entries.find((one) => one.key === key);
    if (!entry) return;
    Object.assign(entry, { state: "sending", note: "" });
    this.#changed();
    this.run();
  }

  /** The stream shows a message of the customer. Which entry it was, its id tells; until that is known, its text. */
  settle(message) {
    const known = this.entries.find((one) => one.messageId === message.message_id);
    const entry = known ?? this.entries.find((one) => !one.messageId && !one.seenAs && one.text === message.text);
    if (!entry) return;
    entry.seenAs = message.message_id;
    if (entry.messageId) this.#drop(entry);
    else this.#changed();
  }

  async run() {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let entry; (entry = this.entries.find((one) => one.state === "sending")); ) await this.#deliver(entry);
    } finally {
      this.#running = false;
    }
  }

  async #deliver(entry) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const outcome = await this.#post(entry);
      if (outcome.accepted) return this.#confirm(entry, outcome.accepted);
      if (outcome.refused) return this.#fail(entry, outcome.refused);
      entry.note = outcome.note ?? "No connection. Trying again…";
      this.#changed();
      await pause(outcome.wait ?? Math.min(LONGEST_WAIT_MS, 500 * 2 ** attempt));
    }
    return this.#fail(entry, "Not sent: the shop could not be reached.");
  }

  /** One attempt: accepted, refused for good, or worth another one after `wait` milliseconds. */
  async #post(entry) {
    try {
      const response = await fetch(new URL("/v1/messages", this.#api), {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": entry.key,
          Authorization: `Bearer ${await this.#session.token()}`,
        },
        body: JSON.stringify({ text: entry.text }),
      });
      if (response.status === 401) return this.#startOver();
      return response.ok ? { accepted: await response.json() } : await judge(response);
    } catch (error) {
      return error instanceof Response ? judge(error) : {};
    }
  }

  #startOver() {
    this.dispatchEvent(new Event("expired"));
    return { wait: 0, note: "The chat had expired. Starting a new one…" };
  }

  #confirm(entry, answer) {
    this.#session.talksIn(answer.events_url);
    Object.assign(entry, { state: "sent", note: "", messageId: answer.message_id });
    if (entry.seenAs === answer.message_id) this.#drop(entry);
    else this.#changed();
    this.dispatchEvent(new Event("accepted"));
  }

  #fail(entry, note) {
    Object.assign(entry, { state: "failed", note, seenAs: null });
    this.#changed();
  }

  #drop(entry) {
    this.entries = this.entries.filter((one) => one !== entry);
    this.#changed();
  }

  #changed() {
    tabKeeps.write(KEY, this.entries);
    this.dispatchEvent(new Event("change"));
  }
}

async function judge(response) {
  const seconds = Number(response.headers.get("Retry-After"));
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) {
    return { wait: seconds ? Math.min(LONGEST_WAIT_MS, seconds * 1000) : undefined };
  }
  const problem = await response.json().catch(() => ({}));
  return { refused: problem.detail || problem.title || "The shop did not take this message." };
}

/** Wait, but not longer than until the browser is back online. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
