/**
 * What the customer has written and the API has not confirmed yet. Each text keeps its key until it is confirmed, also
 * over a reload, so that trying again never doubles it; texts go out one after the other, so that they stay in order.
 * Files do not survive a reload: their names do, and `lost` tells them.
 */

import { randomKey } from "../dom.js";
import { tabKeeps } from "../keep.js";
import { post } from "./upload.js";

const KEY = "baton.chat.outbox";
const ATTEMPTS = 8;
const LONGEST_WAIT_MS = 20_000;

export class Outbox extends EventTarget {
  #api;
  #session;
  #running = false;
  #files = new Map();

  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
    const stored = tabKeeps.read(KEY) ?? [];
    this.lost = stored.filter((one) => one.state !== "sent").flatMap((one) => one.files ?? []);
    this.entries = stored.filter((one) => one.text || one.state === "sent").map((one) => ({ ...one, files: [] }));
  }

  filesOf(entry) {
    return this.#files.get(entry.key) ?? [];
  }

  add(text, files = []) {
    const key = randomKey();
    this.#files.set(key, files);
    this.entries.push({ key, text, state: "sending", note: "", messageId: null, files: files.map((one) => one.name), share: 0 });
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
    const same = (one) => one.text === message.text && one.files.length === (message.attachments ?? []).length;
    const entry = known ?? this.entries.find((one) => !one.messageId && !one.seenAs && same(one));
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
      const address = new URL("/v1/messages", this.#api);
      const headers = { "Idempotency-Key": entry.key, Authorization: `Bearer ${await this.#session.token()}` };
      const response = await post(address, headers, entry.text, this.filesOf(entry), (share) => this.#progress(entry, share));
      if (response.status === 401) return this.#startOver();
      return response.ok ? { accepted: await response.json() } : await judge(response);
    } catch (error) {
      return error instanceof Response ? judge(error) : {};
    }
  }

  /** In steps, so that the page is not drawn anew for each packet. */
  #progress(entry, share) {
    const step = Math.floor(share * 20) / 20;
    if (step === entry.share) return;
    entry.share = step;
    this.#changed();
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
    this.#files.delete(entry.key);
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
  const [error] = problem.errors ?? [];
  return { refused: error?.message ?? problem.detail ?? problem.title ?? "The shop did not take this message." };
}

/** Wait, but not longer than until the browser is back online. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
