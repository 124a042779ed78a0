/**
 * While the customer waits for a person: their place in a calm banner, a message instead, and the way out of the queue.
 * What the banner says comes from the API, so it survives a reload; a half-written message is kept in the tab.
 */

import { el, randomKey } from "../dom.js";
import { tabKeeps } from "../keep.js";

const DRAFT = "baton.chat.queue.message";
const LIVE = ["waiting", "offered"];
const AWAY = "Not sent: the shop could not be reached. Please try again.";

export class Queue {
  #session;
  #busy = false;

  constructor(session) {
    this.#session = session;
    this.banner = this.#build();
    const draft = tabKeeps.read(DRAFT);
    if (draft?.text) {
      this.box.value = draft.text;
      this.#turnTo("message");
    }
  }

  /** The place as the API tells it; true if the banner has come or gone. */
  show(place) {
    const before = this.banner.hidden;
    const live = LIVE.includes(place.state);
    this.banner.hidden = !live && place.state !== "by_message";
    this.choices.hidden = !live;
    this.banner.classList.toggle("rather-message", live && place.ask_for_message);
    const text = place.text ?? "";
    if (this.words.textContent !== text) this.words.textContent = text;
    if (!live) this.#turnTo(null);
    return this.banner.hidden !== before;
  }

  #build() {
    this.words = el("p", { role: "status", "aria-live": "polite" });
    this.problem = el("p", { class: "problem", role: "alert" });
    const button = (label, act, style) => el("button", { type: "button", class: style, click: act }, label);
    this.toMessage = button("Leave a message instead", () => this.#turnTo("message", true), "rather");
    this.toLeave = button("Leave the queue", () => this.#turnTo("leave", true));
    this.both = el("div", { class: "ways" }, this.toMessage, this.toLeave);
    this.box = el("textarea", {
      rows: "3", maxlength: "20000", "aria-label": "Message to leave", placeholder: "What should we know, and do for you?",
      input: () => this.#keep(),
    });
    this.form = el("form", { class: "instead", submit: (event) => (event.preventDefault(), this.#leaveMessage()) },
      this.box, el("div", { class: "ways" },
        el("button", { type: "submit", class: "rather" }, "Leave this message"), button("Keep waiting", () => this.#keepWaiting())));
    this.sure = button("Yes, leave", () => this.#leaveQueue());
    this.question = el("div", { role: "group", "aria-label": "Leave the queue?" },
      el("p", null, "Leave the queue? You lose your place."),
      el("div", { class: "ways" }, this.sure, button("Keep waiting", () => this.#keepWaiting(), "rather")));
    this.choices = el("div", null, this.both, this.form, this.question, this.problem);
    const banner = el("section", { class: "queue", "aria-label": "Waiting for a person", hidden: true }, this.words, this.choices);
    this.#turnTo(null);
    return banner;
  }

  /** Show both ways out, the form or the question. With `focus`, the keyboard follows. */
  #turnTo(open, focus = false) {
    this.both.hidden = open !== null;
    this.form.hidden = open !== "message";
    this.question.hidden = open !== "leave";
    this.problem.textContent = "";
    if (focus) ({ message: this.box, leave: this.sure }[open] ?? this.toMessage).focus();
  }

  #keepWaiting() {
    tabKeeps.forget(DRAFT);
    this.box.value = "";
    this.#turnTo(null, true);
  }

  /** The text keeps its key until it is confirmed, so that trying again never doubles it. */
  #keep() {
    const text = this.box.value;
    const known = tabKeeps.read(DRAFT);
    tabKeeps.write(DRAFT, { text, key: known?.text === text ? known.key : randomKey() });
  }

  async #leaveMessage() {
    if (!this.box.value.trim()) return this.box.focus();
    this.#keep();
    const { text, key } = tabKeeps.read(DRAFT);
    return this.#once(() => this.#session.leaveMessage(text, key), () => {
      tabKeeps.forget(DRAFT);
      this.box.value = "";
    });
  }

  #leaveQueue() {
    return this.#once(() => this.#session.leaveQueue(), async (response) => this.show(await response.json()));
  }

  async #once(ask, done) {
    if (this.#busy) return;
    this.#busy = true;
    this.problem.textContent = "";
    try {
      const response = await ask();
      if (response.ok) await done(response);
      else this.problem.textContent = (await response.json()).detail;
    } catch {
      this.problem.textContent = AWAY;
    } finally {
      this.#busy = false;
    }
  }
}
