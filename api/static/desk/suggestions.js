/** What another case of the same customer wants to say: the holder of the baton uses, edits or dismisses it. */

import { el } from "../dom.js";
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
  const use = () => onSuggestion(suggestion, box.hidden ? { use: true } : { use: true, text: box.value }).then((done) => done && forgetDraft(draftId));
  const dismiss = () => onSuggestion(suggestion, { use: false }).then((done) => done && forgetDraft(draftId));
  return el("article", { class: "suggestion" }, text, box,
    el("p", { class: "explanation" }, `Answer within ${span(secondsUntil(suggestion.expires_at))}, else a person gets that case.`),
    canSpeak && el("div", { class: "buttons" },
      el("button", { type: "button", class: "primary", "data-focus": `suggest-${suggestion.id}`, click: use }, "Send it", el("kbd", null, "S")),
      el("button", { type: "button", "data-focus": `edit-${suggestion.id}`, click: edit }, "Edit"),
      el("button", { type: "button", class: "quiet", "data-focus": `dismiss-${suggestion.id}`, click: dismiss }, "Dismiss")));
}
