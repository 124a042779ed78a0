/** How the desk says the terms of the API. A term without a phrase is shown with blanks for underscores. */

import { money as moneyOf } from "../money.js";

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
  draft_review: "The AI has drafted an answer for you to look over",
  shadowed: "The AI only watches cases like this",
  ai_stopped: "The AI was switched off",
  low_satisfaction: "The customer was not content with the answer",
  stuck: "The case made no progress",
  agent_lost: "The agent before you is gone",
  suggestion_unanswered: "A suggestion for this case ran out unanswered",
  delivery_failed: "A message could not be delivered",
};

const PRESENCES = { available: "Available", busy: "Busy", break: "On a break", away: "Away", offline: "Offline" };

const TARGETS = { ai: "the AI", queue: "team", agent: "agent", self_service: "self-service", flow: "flow", set_aside: "set aside" };

const ISSUES = { human: "Asks for a person", damaged_wrong: "Damaged or wrong" };

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

export const plain = (term) => (term ?? "").replaceAll("_", " ");

export const reason = (term) => PHRASES[term] ?? plain(term);
export const delivery = (state) => DELIVERIES[state] ?? plain(state);
export const author = (kind) => AUTHORS[kind] ?? plain(kind);
export const issue = (term) => (term ? (ISSUES[term] ?? plain(term).replace(/^./, (letter) => letter.toUpperCase())) : "New message");
export const term = plain;
export const presence = (state) => PRESENCES[state] ?? plain(state);

/** A requirement's key (`agent:x lang:de refunds>=3`) as people say it. */
export function asked(key) {
  if (key === "pull") return "";
  const words = (key ?? "").split(" ").filter(Boolean).map((part) => {
    const [skill, level] = part.split(">=");
    if (level) return `${plain(skill)} at level ${level}`;
    const [kind, name] = part.split(":");
    return kind === "lang" ? languageName(name) : "you by name";
  });
  return words.join(", ");
}

/** A target of the policy (`queue:seniors`) as people say it. */
export function target(text) {
  const [kind, name] = text.split(" until ")[0].split(":");
  if (text.startsWith("agent:own")) return "the customer's own agent";
  return [TARGETS[kind] ?? plain(kind), plain(name)].filter(Boolean).join(" ");
}

function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

export function money(amount) {
  if (!amount) return "";
  return moneyOf(amount.minor, amount.currency);
}

export function day(instant) {
  return new Date(instant).toLocaleDateString([], { day: "numeric", month: "short" });
}

/** `16:30` today, `Fri 16:30` within a week, else the date. Midnight belongs to the day that ends: `end of Fri`. */
export function moment(instant) {
  const at = new Date(instant);
  if (at.getTime() === new Date(at).setHours(0, 0, 0, 0)) return `end of ${dayOf(new Date(at - 1))}`;
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return isToday(at) ? time : `${dayOf(at)} ${time}`;
}

const isToday = (at) => at.toDateString() === new Date().toDateString();

function dayOf(at) {
  if (isToday(at)) return "today";
  const near = Math.abs(at - new Date()) < 6 * 86_400_000;
  return near ? at.toLocaleDateString([], { weekday: "short" }) : day(at);
}
