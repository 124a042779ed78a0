/** The files that the customer is about to send: chosen, pasted or dropped, with a small view and a way to take each back. */

import { el } from "../dom.js";
import { tabKeeps } from "../keep.js";
import { lostSentence, MAX_FILES, objection, preview, TYPES } from "./attachments.js";

const KEY = "baton.chat.attached";

export class Tray {
  #onChange;
  files = [];

  constructor(onChange) {
    this.#onChange = onChange;
    this.input = el("input", {
      type: "file", multiple: true, accept: TYPES.join(","), hidden: true, tabindex: "-1", change: () => this.#chosen(),
    });
    this.button = el("button", {
      type: "button", class: "clip", "aria-label": "Attach pictures or a PDF", title: "Attach pictures or a PDF",
      click: () => this.input.click(),
    }, clip());
    this.list = el("ul", { class: "tray", "aria-label": "Files to send" });
    this.problem = el("p", { class: "problem attach", role: "alert" });
    this.#show();
  }

  /** Files got lost with the last page; those that were still in the tray too. */
  tellLost(names) {
    const all = [...names, ...(tabKeeps.read(KEY) ?? [])];
    if (all.length) this.#say(lostSentence(all));
  }

  /** Give the files away to be sent. */
  take() {
    const files = this.files;
    this.#keep([]);
    return files;
  }

  add(files) {
    const wrong = files.map(objection).filter(Boolean);
    const right = files.filter((file) => !objection(file));
    const room = MAX_FILES - this.files.length;
    if (right.length > room) wrong.push(`A message may have ${MAX_FILES} files.`);
    this.#say(wrong.join(" "));
    this.#keep([...this.files, ...right.slice(0, room)]);
  }

  /** Take files that are pasted into, or dropped onto, a part of the page. */
  listen(part) {
    part.addEventListener("paste", (event) => this.#receive(event, event.clipboardData));
    part.addEventListener("drop", (event) => (part.classList.remove("dropping"), this.#receive(event, event.dataTransfer)));
    part.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      part.classList.add("dropping");
    });
    part.addEventListener("dragleave", (event) => part.contains(event.relatedTarget) || part.classList.remove("dropping"));
  }

  #receive(event, brought) {
    const files = [...(brought?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  #chosen() {
    this.add([...this.input.files]);
    this.input.value = "";
  }

  #keep(files) {
    this.files = files;
    tabKeeps.write(KEY, files.map((file) => file.name));
    this.#show();
    this.#onChange();
  }

  #remove(file) {
    this.#keep(this.files.filter((one) => one !== file));
    (this.list.querySelector("button") ?? this.button).focus();
  }

  #show() {
    this.list.hidden = !this.files.length;
    this.list.replaceChildren(...this.files.map((file) => el("li", null,
      preview(file),
      el("button", { type: "button", "aria-label": `Remove ${file.name}`, click: () => this.#remove(file) }, "✕"))));
  }

  #say(sentence) {
    this.problem.textContent = sentence;
  }
}

function clip() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8");
  svg.append(path);
  return svg;
}
