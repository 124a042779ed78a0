/** Mode draft: what the AI would say to the customer, for the agent to send, edit or reject. */

import { el, source } from "../dom.js";
import { button } from "./button.js";
import { forgetDraft, keepDraft, readDraft } from "./drafts.js";
import { redraw } from "./redraw.js";
import { moment, plain } from "./words.js";

const PANE = document.getElementById("review");

export function showReview(item, canSpeak, actions) {
  const draft = item?.draft ?? null;
  PANE.hidden = !draft;
  redraw(PANE, [item?.id, draft, canSpeak], () => (draft ? card(item, draft, canSpeak, actions) : []));
}

function card(item, draft, canSpeak, { onRelease, onReject }) {
  const kept = `review-${draft.id}`;
  const edited = draft.reads_back ? "" : readDraft(kept);
  const text = el("p", { class: "text", hidden: Boolean(edited) }, draft.text);
  const box = el("textarea", {
    rows: "6", maxlength: "20000", hidden: !edited, "aria-label": "The AI's draft, as you want to say it", "data-focus": kept,
    input: () => keepDraft(kept, box.value),
  });
  box.value = edited || draft.text;
  const edit = () => {
    text.hidden = true;
    box.hidden = false;
    box.focus();
  };
  const own = () => !box.hidden && box.value.trim() !== draft.text.trim();
  const send = async () => (await onRelease(item, draft, own() ? box.value.trim() : null)) && forgetDraft(kept);
  return [
    el("header", null, el("h2", null, "The AI would answer"), el("span", { class: "ai-mark" }, "AI"), el("span", { class: "explanation" }, plain(draft.cell))),
    text, box, sources(draft.citations), promised(draft.commitments),
    el("p", { class: "explanation" }, explained(draft, canSpeak)),
    canSpeak && !draft.outdated && el("div", { class: "buttons" },
      button("Send it", { key: "S", focus: `suggest-${draft.id}`, kind: "primary", run: send }),
      !draft.reads_back && button("Edit", { key: "M", focus: `edit-${draft.id}`, run: edit }),
      button("Reject", { key: "Q", focus: `dismiss-${draft.id}`, kind: "quiet", run: () => onReject(item, draft) })),
  ];
}

function explained(draft, canSpeak) {
  if (draft.outdated) return "The customer has written since: the AI is drafting anew.";
  if (!canSpeak) return "Accept the case to send, edit or reject it.";
  if (draft.reads_back) return "A yes to it begins exactly what it says, so it is sent as it is, or rejected.";
  return "Sent as it is, it goes out as the AI's word; edited, as yours. Either way the AI goes on with the case.";
}

const sources = (citations) =>
  citations.length ? el("ul", { class: "sources" }, citations.map((one) => el("li", null, source(one)))) : el("p", { class: "explanation" }, "It states nothing that needs a source.");

const promised = (commitments) =>
  commitments.map((one) => el("p", { class: "explanation" }, `Promises: ${one.text ?? plain(one.kind)}${one.due_at ? ` until ${moment(one.due_at)}` : ""}`));
