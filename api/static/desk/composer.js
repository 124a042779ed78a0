/** Where the agent writes. The text is kept until the API has taken it. */

import { forgetDraft, keepDraft, readDraft, sendingKey } from "./drafts.js";
import { commitments, forgetPromises, look, toggleFirst } from "./promising.js";

const FORM = document.getElementById("composer");
const BOX = document.getElementById("text");
let itemId = null;

/** `send(itemId, text, key, commitments)` answers whether the API took the text. */
export function setUpComposer(send) {
  BOX.addEventListener("input", keep);
  FORM.addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && held) FORM.requestSubmit();
    if (event.key.toLowerCase() === "k" && held && toggleFirst()) event.preventDefault();
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
  forgetPromises();
  if (canSpeak) look(id, BOX.value);
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
  keep();
  write();
  BOX.setSelectionRange(BOX.value.length, BOX.value.length);
}

export function hasText() {
  return !FORM.hidden && Boolean(BOX.value.trim());
}

function keep() {
  if (!itemId) return;
  keepDraft(itemId, BOX.value);
  look(itemId, BOX.value);
}

async function submit(send) {
  const text = BOX.value.trim();
  if (!text || FORM.classList.contains("busy")) return;
  const [id, written] = [itemId, BOX.value];
  busy(true);
  const taken = await send(id, text, sendingKey(id, written), commitments()).finally(() => busy(false));
  if (!taken) return;
  if (readDraft(id) === written) forgetDraft(id);
  if (itemId !== id || BOX.value !== written) return;
  BOX.value = "";
  forgetPromises();
}

function busy(now) {
  FORM.classList.toggle("busy", now);
  BOX.readOnly = now;
}
