/** What the agent can do with work, from the question before it to the sentence after it. */

import { hasText, write } from "./composer.js";
import { askReason, askText, confirmStep } from "./dialogs.js";
import { act, closePromise, judge, patiently, pull, readColleagues } from "./door.js";
import { askDecision, askSnooze, askTransfer } from "./questions.js";
import { lookAtDraft } from "./review.js";
import { say } from "./status.js";
import { moment } from "./words.js";

const DECLINE_REASONS = ["Busy with another case", "Not my subject", "I know this customer personally", "Other"];

const REJECTIONS = {
  "It is wrong": "wrong",
  "The tone": "tone",
  "It is incomplete": "incomplete",
  "A person should answer cases like this": "not_for_ai",
  "Another reason": "other",
};

/** Where a case begins for who has just taken it: at the AI's draft if there is one, else at their reply. */
export const begin = () => lookAtDraft() || write();

/**
 * The verbs of one desk. `step(work, done)` does the work, says `done` and shows what is true afterwards; it answers
 * what the work returned, or null if it was refused. `show(id)` opens a case; `leave(id, work, done)` is a `step` after
 * which the case is not the agent's any more.
 */
export function verbsOf({ step, show, leave }) {
  const accept = async (offer) => {
    show(offer.id);
    const taken = () => act(offer.id, "accept", { version: offer.version });
    const said = offer.reason === "draft_review" ? "S sends the AI's draft, M edits it, Q rejects it." : "Write your answer; Ctrl+Enter sends it.";
    if (await step(taken, `You have the case. ${said}`)) begin();
  };

  const decline = async (offer) => {
    const reason = await askReason("Decline this offer?", DECLINE_REASONS);
    if (!reason) return;
    const declined = () => act(offer.id, "decline", { version: offer.version, reason });
    await leave(offer.id, declined, "Declined. The case keeps its place and goes to somebody else.");
  };

  const send = (id, text, key, [commitment, ...more]) => {
    const body = commitment ? { text, key, commitment } : { text, key };
    const trying = () => say("The server is away for a moment; trying again. Your text is kept.", "refused");
    const kept = commitment ? ` Promised until ${moment(commitment.due_at)}.` : "";
    const reply = async () => {
      const { message_id: source } = await act(id, "reply", body);
      await Promise.all(more.map((one, place) => act(id, "commitments", { ...one, source, position: place + 1 })));
    };
    return step(() => patiently(reply, trying), `On its way to the customer.${kept} If that settles it: Esc, then E resolves.`);
  };

  const resolve = async (held) => {
    const unsent = hasText() ? "Your reply is not sent yet; it stays here as a draft. " : "";
    const unanswered = held.sla.some(({ kind }) => kind === "first_response") ? "Nobody has answered the customer yet. " : "";
    const text = `${unanswered}${unsent}If the customer writes again about it, it comes back.`;
    if (!(await confirmStep("Resolve this case?", text, "Resolve"))) return;
    await leave(held.id, () => act(held.id, "resolve"), "Resolved.");
  };

  const handBack = async (held) => {
    const sure = await confirmStep("Give this case back to the AI?", "The AI answers the customer from here on.", "Give back");
    if (sure) await leave(held.id, () => act(held.id, "hand-back"), "The AI has the case again.");
  };

  const snooze = async (held) => {
    const answer = await askSnooze();
    if (!answer) return;
    const back = answer.until ? `at ${moment(answer.until)}, or when the customer answers` : "when the customer answers";
    await leave(held.id, () => act(held.id, "park", answer), `Parked. It comes back ${back}.`);
  };

  const resume = async (parked) => {
    show(parked.id);
    if (await step(() => act(parked.id, "resume"), "You have the case again.")) begin();
  };

  const transfer = async (held) => {
    const known = await step(readColleagues, "");
    if (!known) return;
    const answer = await askTransfer(held.id, known);
    if (!answer) return;
    const { done, ...body } = answer;
    if (await leave(held.id, () => act(held.id, "transfer", body), "Passed on. It keeps its place in the queue.")) done();
  };

  const decide = async (held, approve) => {
    const answer = await askDecision(held.id, approve);
    if (!answer) return;
    const { done, ...body } = answer;
    const said = approve ? "Approved. The AI tells the customer." : "Refused. The AI tells the customer.";
    if (await leave(held.id, () => act(held.id, "decide", body), said)) done();
  };

  const wrapped = (item) => leave(item.id, () => act(item.id, "wrapped-up"), "Notes done. You have room again.");

  const took = async (body) => {
    const item = await step(() => pull(body), "You have the case.");
    if (item) await show(item.id, true);
  };

  const takeNext = (next) => took({ team: next.team_id });

  const pick = async (item) => {
    const hint = "It is not the next in line. Others read why you took it";
    const reason = await askText("Take it out of order?", { label: "Why", hint, yes: "Take it", required: true });
    if (reason) await took({ team: item.team_id, item_id: item.id, reason });
  };

  const judgeSuggestion = (item, suggestion, verdict) =>
    step(() => judge(item.id, suggestion.id, verdict), verdict.use ? "On its way to the customer." : "Dismissed.");

  const release = (held, draft, text) =>
    leave(held.id, () => act(held.id, "draft/send", { draft_id: draft.id, text }), "On its way to the customer. The AI goes on with the case.");

  const reject = async (held, draft) => {
    const reason = await askReason("Reject the AI's draft?", Object.keys(REJECTIONS), "Reject");
    if (!reason) return;
    const rejected = () => act(held.id, "draft/reject", { draft_id: draft.id, reason: REJECTIONS[reason] });
    if (await step(rejected, "Rejected. The case is yours: write your answer.")) write();
  };

  const askBrief = (held) => step(() => act(held.id, "brief"), "The AI reads the case again; the brief appears on the right.");

  const keep = (promise) => step(() => closePromise(promise.id, "keep"), "Kept.");

  const withdraw = async (promise) => {
    const sure = await confirmStep("Take this promise back?", "Tell the customer first; nothing is sent by this.", "Take back");
    if (sure) await step(() => closePromise(promise.id, "withdraw"), "Taken back.");
  };

  return { accept, decline, send, resolve, handBack, snooze, resume, transfer, decide, wrapped, takeNext, pick, judgeSuggestion, release, reject, askBrief, keep, withdraw };
}
