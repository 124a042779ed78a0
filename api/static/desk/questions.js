/** The desk's larger questions: until when to snooze, to whom to transfer, what to tell with a decision. */

import { el } from "../dom.js";
import { choose, fill } from "./dialogs.js";
import { forgetDraft, keepDraft, readDraft } from "./drafts.js";
import { serverNow } from "./servertime.js";
import { moment, presence } from "./words.js";

const HOUR_MS = 3_600_000;

/** Resolves to {until} (an instant, or null for "until they answer"), or null. */
export function askSnooze() {
  const now = new Date(serverNow());
  const later = new Date(now.getTime() + HOUR_MS);
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  const date = el("input", { type: "datetime-local", "aria-label": "Another date and time", min: local(now), required: true });
  const read = () => (date.value ? { until: new Date(date.value).toISOString() } : null);
  const more = { node: el("label", { class: "field" }, "Another time", date), yes: "Snooze until then", value: read };
  return choose("Snooze this case", [
    { title: "One hour", hint: moment(later), key: "1", value: { until: later.toISOString() } },
    { title: "Tomorrow morning", hint: moment(tomorrow), key: "2", value: { until: tomorrow.toISOString() } },
    { title: "Until they answer", hint: "an answer ends every snooze", key: "3", value: { until: null } },
  ], { more });
}

/** Resolves to {team, note} or {agent_id, note}, or null. The note survives a reload. */
export async function askTransfer(itemId, { teams, agents }) {
  const draft = `note-${itemId}`;
  const options = [
    el("optgroup", { label: "A team" }, teams.map(({ id, title }) => el("option", { value: `team:${id}` }, title))),
    el("optgroup", { label: "A colleague" }, agents.map(colleague)),
  ];
  const to = el("select", { "aria-label": "To whom" }, options);
  const note = el("textarea", {
    rows: "4", maxlength: "2000", "aria-label": "Note for whoever gets it",
    placeholder: "What they should know (the customer never sees this)", input: () => keepDraft(draft, note.value),
  });
  note.value = readDraft(draft);
  const read = () => {
    const [kind, ...id] = to.value.split(":");
    return { [kind]: id.join(":"), note: note.value.trim() };
  };
  const nodes = [el("label", { class: "field" }, "To", to), el("label", { class: "field" }, "Note", note)];
  const answer = await fill("Transfer this case", nodes, { yes: "Transfer", first: to, read });
  return answer && { ...answer, done: () => forgetDraft(draft) };
}

function colleague({ id, name, presence: state }) {
  const gone = state === "offline" || state === "away";
  return el("option", { value: `agent_id:${id}`, disabled: state === "offline" }, gone || state !== "available" ? `${name} (${presence(state).toLowerCase()})` : name);
}

/** Resolves to the words for the customer, or null. They survive a reload. */
export async function askDecision(itemId, approve) {
  const draft = `decision-${itemId}`;
  const words = el("textarea", {
    rows: "5", maxlength: "2000", required: true, "aria-label": "Words for the customer",
    placeholder: approve ? "What the customer reads with it" : "Why not; the customer reads this",
    input: () => keepDraft(draft, words.value),
  });
  words.value = readDraft(draft);
  const title = approve ? "Approve what is asked?" : "Refuse what is asked?";
  const hint = el("p", { class: "explanation" }, "The AI tells the customer the decision, with your words.");
  const answer = await fill(title, [hint, words], { yes: approve ? "Approve" : "Refuse", first: words, read: () => words.value.trim() });
  return answer === null ? null : { approved: approve, text: answer, done: () => forgetDraft(draft) };
}

export function local(instant) {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
