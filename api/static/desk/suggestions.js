/** What another case of the same customer wants to say: the holder of the baton uses, edits or dismisses it. */

import { el } from "../dom.js";
import { button } from "./button.js";
import { forgetDraft, keepDraft, readDraft } from "./drafts.js";
import { secondsUntil, span } from "./servertime.js";

export function suggestions(item, canSpeak, { onSuggestion }) {
  return el("section", { class: "suggestions" },
    el("h2", null, "Waiting for you to say it"),
    el("p", { class: "explanation" }, "You hold the conversation, so another case of this customer asks you to pass this on."),
    item.suggestions.map((one) => card(one, canSpeak, onSuggestion)));
}

function card(suggestion, canSpeak, onSuggestion) {
  const draftId = `suggestion-${suggestion.id}`;
  const edited = readDraft(draftId);
  const text = el("p", { class: "text" }, suggestion.text);
  const box = el("textarea", {
    rows: "5", hidden: !edited, "aria-label": "The suggestion, as you want to say it", "data-focus": draftId,
    input: () => keepDraft(draftId, box.value),
  });
  box.value = edited || suggestion.text;
  text.hidden = Boolean(edited);
  const edit = () => {
    text.hidden = true;
    box.hidden = false;
    box.focus();
  };
  const judge = async (verdict) => {
    if (await onSuggestion(suggestion, verdict)) forgetDraft(draftId);
  };
  const use = () => judge(box.hidden ? { use: true } : { use: true, text: box.value });
  const left = span(secondsUntil(suggestion.expires_at));
  return el("article", { class: "suggestion" }, text, box,
    el("p", { class: "explanation" }, `Answer within ${left}, else a person gets that case.`),
    canSpeak && el("div", { class: "buttons" },
      button("Send it", { key: "S", focus: `suggest-${suggestion.id}`, kind: "primary", run: use }),
      button("Edit", { key: "M", focus: `edit-${suggestion.id}`, run: edit }),
      button("Dismiss", { key: "Q", focus: `dismiss-${suggestion.id}`, kind: "quiet", run: () => judge({ use: false }) })));
}
