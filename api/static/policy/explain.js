/** The form that asks what the policy would do with a case, and its answer. */

import { el } from "../dom.js";
import { explain } from "./door.js";
import { plain, step, table } from "./parts.js";

const FORM = document.getElementById("explain-form");
const OUTCOME = document.getElementById("explain-outcome");

const CHANNELS = ["chat", "email", "sms", "whatsapp", "messenger", "instagram", "voice", "api"];
const SENTIMENTS = ["neutral", "positive", "negative", "angry"];
const URGENCIES = ["normal", "time", "legal", "safety", "chargeback", "press"];
const ORDERS = ["", "pending", "paid", "partly_shipped", "shipped", "delivered", "cancelled", "returned"];
const LEVELS = ["", "normal", "elevated", "critical"];

/** Draw the form for the issues, tiers and teams of the active policy. */
export function setUpExplain(matrix, teams) {
  const some = (names) => names.filter((name) => name !== "any");
  FORM.replaceChildren(
    choice("issue", "Issue", some(matrix.issues)), choice("tier", "Tier", some(matrix.tiers)),
    choice("channel", "Channel", CHANNELS), number("confidence", "Confidence", { value: "0.9", min: 0, max: 1, step: 0.01 }),
    choice("sentiment", "Sentiment", SENTIMENTS), choice("urgency", "Urgency", URGENCIES),
    choice("complexity", "Complexity", ["simple", "involved"]), field("language", "Language", { value: "en", pattern: "[a-z]{2,3}" }),
    number("amount", "Order total", { min: 0, step: 0.01, placeholder: "not known" }), field("currency", "Currency", { value: "EUR", pattern: "[A-Z]{3}" }),
    choice("order_state", "Order", ORDERS, "not known"), number("last_csat", "Last rating", { min: 1, max: 5, placeholder: "not known" }),
    number("lifetime_value", "Lifetime value", { min: 0, step: 0.01, placeholder: "not known" }), field("tags", "Tags", { placeholder: "a, b" }),
    field("own_agent", "Own agent's id", {}), field("at", "At (UTC)", { type: "datetime-local" }),
    choice("pressure", "Pressure everywhere", LEVELS, "as it is"), tick("wants_person", "Asks for a person"), tick("repeat_contact", "Repeat contact"),
    el("div", { class: "buttons wide" }, el("button", { type: "submit", class: "primary" }, "Explain")));
  FORM.onsubmit = async (event) => {
    event.preventDefault();
    const answer = await step(OUTCOME, () => explain(question(teams)));
    if (answer) OUTCOME.replaceChildren(...shown(answer));
  };
}

function field(name, label, attributes) {
  return el("label", null, el("span", null, label), el("input", { name, autocomplete: "off", ...attributes }));
}

const number = (name, label, attributes) => field(name, label, { type: "number", ...attributes });
const tick = (name, label) => el("label", { class: "tick" }, el("input", { name, type: "checkbox" }), label);

function choice(name, label, values, unset = "") {
  const options = values.map((value) => el("option", { value }, value ? plain(value) : unset));
  return el("label", null, el("span", null, label), el("select", { name }, options));
}

function question(teams) {
  const form = new FormData(FORM);
  const text = (name) => form.get(name) || null;
  const money = (name) => (form.get(name) ? { minor: Math.round(Number(form.get(name)) * 100), currency: form.get("currency") } : null);
  const level = form.get("pressure");
  return {
    issue: form.get("issue"), tier: form.get("tier"), channel: form.get("channel"), confidence: Number(form.get("confidence")),
    sentiment: form.get("sentiment"), urgency: form.get("urgency"), complexity: form.get("complexity"),
    language: form.get("language"), amount: money("amount"), order_state: text("order_state"),
    lifetime_value: money("lifetime_value"), last_csat: form.get("last_csat") ? Number(form.get("last_csat")) : null,
    tags: form.get("tags").split(",").map((tag) => tag.trim()).filter(Boolean), own_agent: form.get("own_agent"),
    at: form.get("at") ? `${form.get("at")}Z` : null, wants_person: form.has("wants_person"),
    repeat_contact: form.has("repeat_contact"), teams: level ? Object.fromEntries(teams.map((team) => [team, { pressure: level }])) : {},
  };
}

function shown({ plan, stages }) {
  const notes = [
    plan.gap && "No candidate fits: the overflow team gets the case, and the cell is listed as a gap.",
    plan.shifted && "The AI gets it only because of the pressure.",
    plan.shifts_at && `From pressure ${plan.shifts_at} on the AI would get it.`,
  ].filter(Boolean);
  return [
    el("h2", null, `Cell ${plain(plan.cell)}, version ${plan.policy_version}`),
    table(["Candidate", "Outcome"], plan.considered.map((one) => [
      one.targets.join(" › "), one.passed_over ? `passed over: ${one.passed_over}` : "chosen"])),
    ...notes.map((note) => el("p", null, note)),
    el("h2", null, "Plan"),
    el("ol", { class: "plan" }, stages.map((stage) => el("li", null, el("strong", null, stage.stage), el("ul", null, sentences(stage).map((line) => el("li", null, line)))))),
  ];
}

function sentences(stage) {
  const time = (at) => new Date(at).toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const lines = [];
  if (stage.team) {
    const hours = stage.open ? "open" : stage.opens_at ? `closed until ${time(stage.opens_at)}` : "closed";
    const wait = stage.wait_minutes === null ? "nobody is here" : `a wait of ${Math.round(stage.wait_minutes)} min`;
    lines.push(`Team ${stage.team} is ${hours}, with ${stage.available} available, ${wait} and pressure ${stage.pressure}.`);
    lines.push(`Mode ${stage.mode}, cost ${stage.cost}.`);
    for (const ring of stage.rings) lines.push(`Asks ${ring.asks || "anyone of the team"}${ring.for_seconds ? ` for ${ring.for_seconds} s, then …` : "."}`);
    for (const target of stage.targets) lines.push(`${plain(target.kind)} in ${target.minutes} min${target.due_at ? `: by ${time(target.due_at)}` : ", never reached in these hours"}.`);
  }
  if (stage.deadline_minutes) lines.push(`After ${stage.deadline_minutes} min: ${stage.falls_back_to}.`);
  else if (stage.falls_back_to) lines.push(`What it cannot finish goes to ${stage.falls_back_to}.`);
  return lines;
}
