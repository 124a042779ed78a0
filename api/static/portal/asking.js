/** Asking for something: choose what, fill the form beside policy's verdict, read it back, and say yes. */

import { el, randomKey } from "../dom.js";
import { money } from "../money.js";
import { findProducts, judge, Refused, start } from "./door.js";
import { ACTIONS, formOf } from "./forms.js";
import { weigher } from "./weighing.js";

/** `tell(sentence)` tells screen readers; `done(flow)` shows what was started, and what can be asked now. */
export class Asking {
  #container;
  #portal;
  #tell;
  #done;

  constructor(container, { tell, done }) {
    this.#container = container;
    this.#tell = tell;
    this.#done = done;
  }

  get isFilling() {
    return Boolean(this.#container.querySelector("form, .readback"));
  }

  show(portal) {
    this.#portal = portal;
    this.#menu();
  }

  #menu(focused = "") {
    const rows = this.#portal.offers.map((offer) => this.#action(offer));
    this.#container.replaceChildren(el("h2", null, "What can we do for you?"), el("ul", { class: "actions" }, rows));
    if (focused) this.#container.querySelector(`[data-kind="${focused}"]`)?.focus();
  }

  #action({ kind, verdict }) {
    const { title, does } = ACTIONS[kind];
    const id = `why-${kind}`;
    const button = el("button", {
      type: "button", class: "action", "data-kind": kind, disabled: !verdict.allowed, "aria-describedby": id,
      click: () => this.#form(kind),
    }, title);
    return el("li", null, button, el("span", { id, class: verdict.allowed ? "soft" : "refused" }, verdict.allowed ? hint(does, verdict) : verdict.words));
  }

  #form(kind) {
    const offer = this.#portal.offers.find((one) => one.kind === kind);
    const form = formOf(kind, this.#portal, offer, { find: findProducts });
    const verdict = el("p", { class: "verdict", role: "status", "aria-live": "polite" });
    const next = el("button", { type: "submit", class: "primary", disabled: true }, "Read it through");
    const back = el("button", { type: "button", click: () => this.#menu(kind) }, "Back");
    const heading = el("h2", { tabindex: "-1" }, ACTIONS[kind].title);
    const node = el("form", null, heading, ...form.nodes.filter(Boolean), verdict, el("div", { class: "buttons" }, next, back));
    const state = { form, verdict: null, node };
    const again = weigher(() => judge(form.read()), (found) => {
      state.verdict = found;
      verdict.textContent = found.allowed ? amounts(found) : found.words;
      verdict.classList.toggle("refused", !found.allowed);
      next.disabled = !found.allowed;
    });
    const weigh = () => {
      next.disabled = true;
      again();
    };
    node.addEventListener("input", weigh);
    node.addEventListener("change", weigh);
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (state.verdict?.allowed) this.#readBack(state);
    });
    this.#container.replaceChildren(node);
    heading.focus();
    weigh();
  }

  #readBack(state) {
    const { form, verdict, node } = state;
    const sentences = form.tell(verdict).filter(Boolean);
    if (verdict.needs_approval) sentences.push("A person looks at it first. You hear from us.");
    const request = form.read();
    const heading = el("h2", { tabindex: "-1" }, "Is this right?");
    const problem = el("p", { class: "notice", role: "alert", hidden: true });
    const yes = el("button", { type: "button", class: "primary" }, "Yes, do this");
    const back = el("button", { type: "button", click: () => this.#again(node) }, "No, go back");
    const key = randomKey();
    yes.addEventListener("click", () => this.#send(request, form.words(), key, { yes, back, problem }));
    this.#container.replaceChildren(el("div", { class: "readback" }, heading,
      el("ul", null, sentences.map((one) => el("li", null, one))), problem, el("div", { class: "buttons" }, yes, back)));
    heading.focus();
  }

  #again(node) {
    this.#container.replaceChildren(node);
    node.querySelector("h2").focus();
  }

  async #send(request, words, key, { yes, back, problem }) {
    yes.disabled = back.disabled = true;
    problem.hidden = true;
    this.#tell("One moment …");
    try {
      const flow = await start(request, words, key);
      this.#tell("Thank you. It has been started.");
      this.#container.replaceChildren();
      await this.#done(flow);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      problem.textContent = error.message;
      problem.hidden = false;
      yes.disabled = back.disabled = false;
    }
  }
}

function hint(does, { refund_minor: back, currency, needs_approval: asks }) {
  return [does, back > 0 && `up to ${money(back, currency)} back`, asks && "a person looks at it first"].filter(Boolean).join(" · ");
}

function amounts({ refund_minor: back, charge_minor: more, bonus_minor: bonus, fee_minor: fee, currency, keeps_it: keeps, needs_approval: asks }) {
  const parts = [
    back > 0 && `You get ${money(back, currency)} back${bonus ? `, with ${money(bonus, currency)} bonus` : ""}.`,
    more > 0 && `You pay ${money(more, currency)} more.`,
    fee > 0 && `${money(fee, currency)} for sending it back is counted in.`,
    keeps && "You can keep it.",
    asks && "A person looks at it first.",
  ].filter(Boolean);
  return parts.join(" ") || "This is possible.";
}
