/** Mode draft: what the AI would say to the customer, for the agent to send, edit or reject. */

import { el, source } from "../dom.js";
import { button } from "./button.js";
import { redraw } from "./redraw.js";
import { forgetWords, keepWords, readWords } from "./rewording.js";
import { say } from "./status.js";
import { moment, plain } from "./words.js";

const PANE = document.getElementById("review");

export function showReview(item, canSpeak, actions) {
  const draft = item?.draft ?? null;
  const kept = canSpeak ? readWords(item.id) : null;
  const edits = Boolean(draft && kept?.of === draft.id && !draft.reads_back);
  PANE.hidden = !draft && !kept;
  const again = () => showReview(item, canSpeak, actions);
  redraw(PANE, [item?.id, draft, canSpeak, edits, Boolean(kept)], () => [
    draft && card({ item, draft, canSpeak, edits, again }, actions),
    kept && !edits && leftOver(item, kept, draft, { ...actions, again }),
  ]);
}

/** Bring the draft before the agent, without a button in their hand; tells whether there is one to judge. */
export function lookAtDraft() {
  if (!PANE.querySelector(".drafted .buttons")) return false;
  document.body.dataset.view = "talk";
  PANE.focus();
  return true;
}

/** Press the button of the draft that `key` names; tells whether there is a draft, judged or not. */
export function judgeDraft(key) {
  if (!PANE.querySelector(".drafted")) return false;
  if (!click(key)) say(PANE.querySelector(".standing").textContent);
  return true;
}

function click(key) {
  const found = PANE.querySelector(`[data-focus^="${key}"]`);
  found?.click();
  return Boolean(found);
}

function card(shown, actions) {
  const { item, draft, canSpeak, edits } = shown;
  const box = edits && wordsBox(item, readWords(item.id), "suggest-");
  return el("article", { class: draft.outdated ? "drafted outdated" : "drafted", "data-draft": draft.id },
    el("header", null, el("h2", null, edits ? "The AI's draft, in your words" : "The AI would answer"), el("span", { class: "ai-mark" }, "AI"),
      el("span", { class: "cell" }, plain(draft.cell))),
    el("div", { class: "scroll" }, box || el("p", { class: "text" }, draft.text), sources(draft.citations), draft.commitments.map(promised)),
    el("p", { class: "explanation standing" }, explained(draft, canSpeak, edits)),
    canSpeak && !draft.outdated && el("div", { class: "buttons" }, buttons(shown, box, actions)));
}

/** One box for the agent's words wherever they stand, so that a redraw in mid-sentence leaves the cursor in it. */
function wordsBox(item, { of, text }, whenDone) {
  const done = () => click(whenDone) || say(PANE.querySelector(".standing").textContent);
  const box = el("textarea", {
    rows: String(Math.min(9, Math.ceil(text.length / 80) + 2)), maxlength: "20000", "aria-label": "Your words", "data-focus": "words",
    input: () => keepWords(item.id, of, box.value),
    keydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done();
      if (event.key === "Escape") PANE.focus();
    },
  });
  box.value = text;
  return box;
}

function buttons({ item, draft, edits, again }, box, { onRelease, onReject }) {
  const send = async () => {
    const words = box ? box.value.trim() : null;
    if (words === "") return box.focus();
    if (await onRelease(item, draft, words === draft.text.trim() ? null : words)) forgetWords(item.id);
  };
  const edit = () => {
    if (!edits) keepWords(item.id, draft.id, draft.text);
    again();
    PANE.querySelector("textarea").focus();
  };
  const undo = () => {
    forgetWords(item.id);
    again();
    PANE.focus();
  };
  return [
    button("Send it", { key: "S", focus: `suggest-${draft.id}`, kind: "primary", run: send }),
    !draft.reads_back && button("Edit", { key: "M", focus: `edit-${draft.id}`, run: edit }),
    edits && button("Back to the AI's words", { focus: `undo-${draft.id}`, run: undo }),
    button("Reject", { key: "Q", focus: `dismiss-${draft.id}`, kind: "quiet", run: () => onReject(item, draft) }),
  ];
}

/** Words that were written for a draft that is not there any more. */
function leftOver(item, kept, draft, { onOwnWords, again }) {
  const box = wordsBox(item, kept, "use-words");
  const drop = () => {
    forgetWords(item.id);
    again();
    PANE.focus();
  };
  const instead = () => {
    keepWords(item.id, draft.id, box.value);
    again();
    PANE.querySelector("textarea").focus();
  };
  const reply = () => {
    drop();
    onOwnWords(box.value);
  };
  const fits = draft && !draft.outdated && !draft.reads_back;
  return el("article", { class: "left-over" },
    el("h3", null, "Your words for the draft before"), box,
    el("div", { class: "buttons" },
      fits ? button("Say this instead", { focus: "use-words", run: instead }) : button("Put into my reply", { focus: "use-words", run: reply }),
      button("Drop them", { focus: "drop-words", kind: "quiet", run: drop })));
}

function explained(draft, canSpeak, edits) {
  if (draft.outdated) return "The customer has written since, so this is not sent any more. The AI drafts anew.";
  if (!canSpeak) return "Accept the case to send, edit or reject it.";
  if (draft.reads_back) return "A yes to it begins exactly what it says, so it is sent as it is, or rejected.";
  if (edits) return "It goes out under your name. Ctrl+Enter sends it, Esc leaves the text. The AI goes on with the case.";
  return "Sent as it is, it is the AI's word; edited, it is yours. Either way the AI goes on with the case.";
}

const sources = (citations) =>
  citations.length ? el("ul", { class: "sources" }, citations.map((one) => el("li", null, source(one)))) : el("p", { class: "explanation" }, "It names no source.");

const promised = (one) =>
  el("p", { class: "explanation" }, `Promises: ${one.text ?? plain(one.kind)}${one.due_at ? `, until ${moment(one.due_at)}` : ""}`);
