/** What came in since the last look: told to screen readers, and the new offer gets the focus. */

import { announce } from "./status.js";
import { issue } from "./words.js";

export class News {
  #offers = null;
  #itemId = null;
  #messages = 0;
  #draftId = null;

  /** Announce what is new; returns the first new offer, if there is one. */
  of(work, item) {
    const known = this.#offers;
    this.#offers = new Set(work.offers.map((one) => one.id));
    const offered = work.offers.find((one) => !known?.has(one.id));
    const written = this.#written(item);
    const drafted = this.#drafted(item);
    if (offered) announce(`New offer: ${described(offered)}. Press A to accept.`);
    else if (written) announce(`The customer wrote: ${written.text}`);
    else if (drafted) announce(`The AI would answer: ${drafted.text}`);
    return offered;
  }

  /** The AI's draft in the open case, if it is another one than before. */
  #drafted(item) {
    const known = this.#draftId;
    this.#draftId = item?.draft?.id ?? null;
    return this.#draftId !== known ? item?.draft : null;
  }

  /** The newest customer message of the open case, if it came while the case was open. */
  #written(item) {
    const messages = item?.timeline.filter((entry) => entry.kind === "message" && entry.author === "customer") ?? [];
    const isNew = item?.id === this.#itemId && messages.length > this.#messages;
    this.#itemId = item?.id ?? null;
    this.#messages = messages.length;
    return isNew ? messages.at(-1) : null;
  }
}

const described = ({ customer, issue: what, channel }) => [customer.name || "unknown customer", issue(what), channel].join(", ");
