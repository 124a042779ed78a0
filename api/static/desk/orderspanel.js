/** The orders of the open case's customer, as the shop has them now; read beside the desk's other readings. */

import { Refused } from "./door.js";
import { readOffers, readOrders } from "./flowdoor.js";

const REST_MS = 1500;

/** `onNews()` is called when `of(item)` answers something else than before. */
export class OrdersPanel {
  #onNews;
  #interaction = null;
  #content = null;
  #offers = new Map();
  #opened = new Set();
  #print = "";
  #soon = null;

  constructor(onNews) {
    this.#onNews = onNews;
  }

  /** What is known for a case; null while nothing is. */
  of(item) {
    if (!this.#content || item.interaction_id !== this.#interaction) return null;
    return { ...this.#content, offers: Object.fromEntries(this.#offers), opened: [...this.#opened] };
  }

  /** The case is before the agent: read what is new, now for another case, else in a moment. */
  look(item) {
    if (item.interaction_id === this.#interaction) {
      this.#soon ??= setTimeout(() => this.#read(this.#interaction), REST_MS);
      return;
    }
    clearTimeout(this.#soon);
    [this.#interaction, this.#content, this.#print] = [item.interaction_id, null, ""];
    this.#offers.clear();
    this.#opened.clear();
    this.#read(item.interaction_id);
  }

  /** An order was unfolded or folded. */
  fold(number, isOpen) {
    if (isOpen === this.#opened.has(number)) return;
    this.#opened[isOpen ? "add" : "delete"](number);
    if (isOpen && !this.#offers.has(number)) this.#weigh(this.#interaction, number);
  }

  async #read(interaction) {
    this.#soon = null;
    const content = await quietly(() => readOrders(interaction));
    if (!content || interaction !== this.#interaction) return;
    const print = JSON.stringify(content);
    if (print === this.#print) return;
    if (!this.#content && content.orders.length) this.#opened.add(content.orders[0].number);
    [this.#content, this.#print] = [content, print];
    this.#onNews();
    await Promise.all([...this.#opened].map((number) => this.#weigh(interaction, number)));
  }

  async #weigh(interaction, number) {
    const found = await quietly(() => readOffers(interaction, number));
    if (!found || interaction !== this.#interaction) return;
    this.#offers.set(number, found);
    this.#onNews();
  }
}

/** The desk's own reading complains when the server is away. */
async function quietly(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return null;
  }
}
