/** The brief: what a person reads first, each statement with its origin; and, on request, a fresh one. */

import { el, source } from "../dom.js";
import { button } from "./button.js";
import { issue } from "./words.js";

const RECORDS = { interaction: "this case", customer: "customer record", flow: "flow" };

/** `isDraft`: what it suggests lies before the agent already, as the AI's draft. */
export function brief(content, canSpeak, isDraft, { onDraft, onAskBrief }) {
  const again = canSpeak && button(content ? "Ask the AI again" : "Ask the AI for a brief", { key: "H", focus: "ask-brief", kind: "quiet", run: onAskBrief });
  if (!content) {
    return el("section", { class: "brief" }, el("h2", null, "Brief"),
      el("p", { class: "empty" }, "No brief was written; the conversation tells the story."), again);
  }
  const todo = content.next_action && content.statements.find((one) => one.text.endsWith(content.next_action.text));
  return el("section", { class: "brief" }, el("h2", null, "Brief"),
    el("p", { class: "summary" }, content.summary),
    marks(content),
    el("ul", { class: "statements" }, content.statements.filter((one) => one !== todo).map(statement)),
    content.next_action && el("p", { class: "next" }, el("strong", null, "Next: "), content.next_action.text, (todo?.citations ?? []).map(from)),
    !isDraft && suggested(content, canSpeak, onDraft),
    again);
}

function marks({ intent, further, sentiment, urgency, language }) {
  const known = [intent && issue(intent), ...(further ?? []).map((one) => `also ${issue(one).toLowerCase()}`),
    sentiment !== "neutral" && sentiment, urgency !== "normal" && `urgent: ${urgency}`, language && language !== "en" && language.toUpperCase()];
  const shown = known.filter(Boolean);
  return shown.length ? el("p", { class: "explanation" }, shown.join(" · ")) : null;
}

function suggested({ suggested_reply: text, suggested_sources: sources }, canSpeak, onDraft) {
  if (!text) return null;
  return el("div", { class: "draft" },
    el("h3", null, "Suggested reply", el("span", { class: "ai-mark" }, "AI")),
    el("p", { class: "text" }, text),
    sources?.length ? el("ul", { class: "sources" }, sources.map((one) => el("li", null, source(one)))) : null,
    canSpeak && button("Put into my reply", { key: "U", focus: "use-draft", run: () => onDraft(text) }));
}

const statement = ({ text, citations }) => el("li", null, el("span", null, text), citations.map(from));

const from = (citation) => el("span", { class: "from" }, origin(citation));

/** A message of this conversation is a jump within the page, anything else its name or page. */
function origin(citation) {
  if (citation.kind !== "message") return source({ ...citation, title: citation.title || RECORDS[citation.kind] });
  const go = () => {
    const message = document.getElementById(`message-${citation.ref}`);
    document.body.dataset.view = "talk";
    message?.scrollIntoView({ block: "center" });
    message?.focus();
  };
  return button(citation.title || "message", { focus: `jump-${citation.ref}`, kind: "jump", run: go });
}
