/** The chat's window: a button, a log, a box to write in. It knows nothing of the network. */

import { el } from "../dom.js";
import { tabKeeps } from "../keep.js";
import { bubble, pending } from "./bubbles.js";
import { Tray } from "./tray.js";

const DRAFT = "baton.chat.draft";
const NEAR_END = 80;
const WELCOME =
  "Hello! Ask about an order, a product, a return. An AI assistant answers first; ask for a person at any time.";
const STATES = {
  new: "Reading your message…",
  with_ai: "The AI assistant is working on your answer…",
  awaiting_person: "A person from our team will take over here. You can keep writing; nothing gets lost.",
  with_person: "You are talking to a person from our team.",
  left_queue: "You have left the queue. Write again whenever you like.",
  resolved: "Marked as solved. Just write again if something is left.",
};

export class Panel extends EventTarget {
  #nodes = new Map();
  #address;
  #filesOf;
  #unread = 0;
  isOpen = false;

  /** `address` tells where the API has a file, `filesOf` what an entry of the outbox takes along. */
  constructor({ shop, styles, address, filesOf }) {
    super();
    this.#address = address;
    this.#filesOf = filesOf;
    this.tray = new Tray(() => this.box.focus());
    const host = el("div", { id: "baton-chat" });
    const root = host.attachShadow({ mode: "open" });
    const sheet = el("link", { rel: "stylesheet", href: styles });
    this.ready = new Promise((resolve) => {
      sheet.addEventListener("load", resolve);
      sheet.addEventListener("error", resolve);
    });
    root.append(sheet, this.#build(shop));
    document.body.append(host);
    this.#stayAtEnd();
    this.box.value = tabKeeps.read(DRAFT) ?? "";
    this.#paint();
  }

  #build(shop) {
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Conversation", tabindex: "0" });
    this.state = el("p", { class: "state", role: "status" });
    this.box = el("textarea", {
      rows: "1", maxlength: "20000", placeholder: "Write a message", "aria-label": "Your message",
      "aria-describedby": "hint", input: () => this.#keepDraft(), keydown: (event) => this.#key(event),
    });
    this.sendButton = el("button", { type: "submit", class: "send" }, "Send");
    this.launcher = el("button", { type: "button", class: "launcher", "aria-expanded": "false", click: () => this.open() });
    const escape = (event) => event.key === "Escape" && this.close();
    this.frame = el("section", { class: "frame", role: "dialog", "aria-label": `Chat with ${shop}`, keydown: escape },
      el("header", null,
        el("div", null, el("h2", null, shop), el("p", null, "AI assistant first, people when you need them")),
        el("button", { type: "button", class: "leave", click: () => this.dispatchEvent(new CustomEvent("leave")) }, "Continue by e-mail"),
        el("button", { type: "button", class: "close", "aria-label": "Close the chat", click: () => this.close() }, "✕")),
      el("div", { class: "scroll" }, el("p", { class: "welcome" }, WELCOME), this.log),
      this.state,
      el("div", { class: "attached" }, this.tray.problem, this.tray.list),
      el("form", { submit: (event) => (event.preventDefault(), this.#send()) },
        this.tray.button, this.tray.input, this.box, this.sendButton),
      el("p", { class: "hint", id: "hint" }, "Enter sends, Shift+Enter starts a new line; pictures can be pasted and dropped"));
    this.tray.listen(this.frame);
    this.scroll = this.frame.querySelector(".scroll");
    return el("div", { class: "baton" }, this.frame, this.launcher);
  }

  open(draft) {
    this.isOpen = true;
    this.#unread = 0;
    if (draft && !this.box.value) {
      this.box.value = draft;
      this.#keepDraft();
    }
    this.#paint();
    this.#grow();
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.box.focus();
    this.dispatchEvent(new CustomEvent("toggled", { detail: true }));
  }

  close() {
    this.isOpen = false;
    this.#paint();
    this.launcher.focus();
    this.dispatchEvent(new CustomEvent("toggled", { detail: false }));
  }

  /** Show the confirmed messages, in their order, and below them what is still on its way. */
  show(messages, entries) {
    const open = entries.filter((entry) => !messages.some((one) => one.message_id === (entry.messageId ?? entry.seenAs)));
    const wanted = [
      ...messages.map((message) => this.#node(message.message_id, JSON.stringify(message), () => bubble(message, this.#address))),
      ...open.map((entry) => this.#node(entry.key, JSON.stringify(entry), () => this.#pending(entry))),
    ];
    this.#arrange(wanted);
  }

  /** Follow what is new, unless the customer has scrolled up to read. */
  #stayAtEnd() {
    let follows = true;
    this.scroll.addEventListener("scroll", () => {
      follows = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END;
    });
    const sizes = new ResizeObserver(() => {
      if (follows) this.scroll.scrollTop = this.scroll.scrollHeight;
    });
    sizes.observe(this.scroll);
    sizes.observe(this.log);
  }

  /** Tell how many messages have arrived while the chat was closed. */
  announce(unread) {
    this.#unread = unread;
    this.#paint();
  }

  tell(state) {
    this.state.textContent = STATES[state] ?? "";
    this.state.classList.toggle("busy", state === "new" || state === "with_ai");
  }

  /** Put something of the widget's own between the conversation and the box to write in. */
  place(part) {
    this.state.before(part);
  }

  /** A line of the widget's own below the conversation. */
  say(line) {
    this.state.textContent = line;
    this.state.classList.remove("busy");
  }

  link(up) {
    this.frame.classList.toggle("offline", !up);
    this.launcher.title = up ? "" : "Reconnecting…";
  }

  #pending(entry) {
    return pending(entry, this.#filesOf(entry), (key) => this.#again(key));
  }

  #node(id, content, make) {
    const known = this.#nodes.get(id);
    if (known?.content === content) return known.node;
    const node = make();
    this.#nodes.set(id, { content, node });
    return node;
  }

  /** Touch only what changed, so that screen readers hear new messages once and selections stay. */
  #arrange(wanted) {
    for (const node of [...this.log.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, place) => {
      if (this.log.children[place] !== node) this.log.insertBefore(node, this.log.children[place] ?? null);
    });
  }

  #send() {
    const text = this.box.value.trim();
    this.box.focus();
    if (!text && !this.tray.files.length) return;
    this.box.value = "";
    this.#keepDraft();
    this.dispatchEvent(new CustomEvent("send", { detail: { text, files: this.tray.take() } }));
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  #again(key) {
    this.dispatchEvent(new CustomEvent("again", { detail: key }));
    this.box.focus();
  }

  /** Enter sends, unless it ends a word in an input method. */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #keepDraft() {
    tabKeeps.write(DRAFT, this.box.value);
    this.#grow();
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 140)}px`;
  }

  #paint() {
    this.frame.hidden = !this.isOpen;
    this.launcher.hidden = this.isOpen;
    this.launcher.setAttribute("aria-expanded", String(this.isOpen));
    this.launcher.replaceChildren("Chat with us", this.#unread ? el("span", { class: "unread" }, `${this.#unread} new`) : "");
  }
}
