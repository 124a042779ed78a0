/** What the reply promises: the desk offers to make it a commitment, which goes out with the reply. */

import { el } from "../dom.js";
import { Refused, spotPromises } from "./door.js";
import { local } from "./questions.js";
import { moment } from "./words.js";

const BAR = document.getElementById("promises");
const PAUSE_MS = 500;
const BY = { reply: "kept by your next message", by_hand: "kept when you say so" };

let soon = null;
let asked = 0;
let spotted = [];
const taken = new Map();

/** Look for promises once the agent pauses. */
export function look(itemId, text) {
  clearTimeout(soon);
  if (!text.trim()) return show([]);
  soon = setTimeout(() => spot(itemId, text), PAUSE_MS);
}

/** What the reply commits to: {text, due_at, fulfilled_by} for each promise that is ticked. */
export function commitments() {
  return spotted.filter((one) => taken.has(one.phrase)).map(({ phrase, fulfilled_by: fact }) => ({
    text: phrase, due_at: taken.get(phrase), fulfilled_by: fact,
  }));
}

export function forgetPromises() {
  clearTimeout(soon);
  asked += 1;
  taken.clear();
  show([]);
}

/** Tick or untick the first promise; tells whether there was one. */
export function toggleFirst() {
  const box = BAR.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

async function spot(itemId, text) {
  const mine = ++asked;
  try {
    const { promises } = await spotPromises({ text, item_id: itemId });
    if (mine === asked) show(promises);
  } catch (error) {
    if (!(error instanceof Refused)) throw error; // the reply can be sent without; the next pause asks again
  }
}

function show(promises) {
  if (JSON.stringify(promises) === JSON.stringify(spotted)) return;
  const known = new Set(promises.map((one) => one.phrase));
  [...taken.keys()].filter((phrase) => !known.has(phrase)).forEach((phrase) => taken.delete(phrase));
  spotted = promises;
  BAR.hidden = !promises.length;
  BAR.replaceChildren(...promises.map(row));
}

function row({ phrase, due_at: due, fulfilled_by: fact }, place) {
  const chosen = taken.get(phrase) ?? due;
  const when = el("input", { type: "datetime-local", "aria-label": "Due", "data-focus": `due-${place}` });
  when.value = local(chosen);
  const tick = el("input", { type: "checkbox", "data-focus": `promise-${place}` });
  tick.checked = taken.has(phrase);
  const label = el("span", null, el("b", null, "Make it a commitment"), ` “${phrase}”, due ${moment(chosen)}`, BY[fact] && `; ${BY[fact]}`);
  const node = el("div", { class: "promising" }, el("label", null, tick, label), place === 0 && el("kbd", null, "Ctrl K"), when);
  const keep = () => {
    if (tick.checked) taken.set(phrase, when.value ? new Date(when.value).toISOString() : due);
    else taken.delete(phrase);
    when.hidden = !tick.checked;
    node.classList.toggle("taken", tick.checked);
  };
  tick.addEventListener("change", keep);
  when.addEventListener("change", keep);
  keep();
  return node;
}
