/** How the desk says the terms of the API. A term without a phrase is shown with blanks for underscores. */

const PHRASES = {
  customer_request: "The customer asked for a person",
  missing_knowledge: "The AI found no answer in what it knows",
  unsupported_request: "The AI cannot do what was asked",
  policy_restriction: "The AI may not decide this",
  tool_failure: "A system that the AI needs did not answer",
  low_confidence: "The AI was not sure enough",
  dissatisfied: "The AI's answer did not help",
  ai_unavailable: "The AI was not available",
  policy: "Cases like this go to people",
  outpaced: "The customer wrote faster than the AI could answer",
  operator: "An operator handed it over",
  stuck: "The case made no progress",
  agent_lost: "The agent before you is gone",
  suggestion_unanswered: "A suggestion for this case ran out unanswered",
  delivery_failed: "A message could not be delivered",
};

const DELIVERIES = {
  received: "",
  queued: "waiting to be sent",
  sending: "being sent",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "not delivered",
  unknown: "may have arrived twice, or not at all",
  cancelled: "never sent",
};

const AUTHORS = { customer: "Customer", ai: "AI assistant", agent: "Agent", flow: "Automated step", system: "Baton" };

const plain = (term) => (term ?? "").replaceAll("_", " ");

export const reason = (term) => PHRASES[term] ?? plain(term);
export const delivery = (state) => DELIVERIES[state] ?? plain(state);
export const author = (kind) => AUTHORS[kind] ?? plain(kind);
export const issue = (term) => (term ? plain(term).replace(/^./, (letter) => letter.toUpperCase()) : "New message");
export const term = plain;

export function money(amount) {
  if (!amount) return "";
  return new Intl.NumberFormat([], { style: "currency", currency: amount.currency }).format(amount.minor / 100);
}

export function day(instant) {
  return new Date(instant).toLocaleDateString([], { day: "numeric", month: "short" });
}
