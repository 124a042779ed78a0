/** Where the agent writes. The text is kept until the API has taken it. */

import { forgetDraft, keepDraft, readDraft, sendingKey } from "./drafts.js";

const FORM = document.getElementById("composer");
const BOX = document.getElementById("text");
let itemId = null;

/** `send(itemId, text, key)` answers whether the API took the text. */
export function setUpComposer(send) {
  BOX.addEventListener("input", () => itemId && keepDraft(itemId, BOX.value));
  BOX.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) FORM.requestSubmit();
    if (event.key === "Escape") document.getElementById("timeline").focus();
  });
  FORM.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(send);
  });
}

export function showComposer(id, canSpeak) {
  FORM.hidden = !canSpeak;
  if (itemId === id) return;
  itemId = id;
  BOX.value = id ? readDraft(id) : "";
}

export function write() {
  if (FORM.hidden) return false;
  document.body.dataset.view = "talk";
  BOX.focus();
  return true;
}

/** Put a text into the reply, behind what is there. */
export function insert(text) {
  BOX.value = BOX.value.trim() ? `${BOX.value.trimEnd()}\n\n${text}` : text;
  keepDraft(itemId, BOX.value);
  write();
  BOX.setSelectionRange(BOX.value.length, BOX.value.length);
}

export function hasText() {
  return !FORM.hidden && Boolean(BOX.value.trim());
}

async function submit(send) {
  const text = BOX.value.trim();
  if (!text || FORM.classList.contains("busy")) return;
  const [id, written] = [itemId, BOX.value];
  busy(true);
  const taken = await send(id, text, sendingKey(id, written)).finally(() => busy(false));
  if (!taken) return;
  if (readDraft(id) === written) forgetDraft(id);
  if (itemId === id && BOX.value === written) BOX.value = "";
}

function busy(now) {
  FORM.classList.toggle("busy", now);
  BOX.readOnly = now;
}
