/** The agents' desk: reads what the API knows, shows it, and turns clicks and keys into API calls. */

import { el } from "../dom.js";
import { hasText, insert, setUpComposer, showComposer, write } from "./composer.js";
import { tick } from "./countdown.js";
import { askReason, confirmStep, showKeys } from "./dialogs.js";
import { act, bePresent, judge, readItem, readWork, Refused, signOut, stayPresent, whoAmI } from "./door.js";
import { clearFacts, showFacts } from "./facts.js";
import { clearHead, showHead } from "./head.js";
import { isIdle, setUpKeys } from "./keys.js";
import { followJournal, heartbeat } from "./live.js";
import { News } from "./news.js";
import { showPresence } from "./presence.js";
import { hear } from "./servertime.js";
import { say, sayLink } from "./status.js";
import { clearTimeline, showTimeline } from "./timeline.js";
import { showWork } from "./worklist.js";

const DECLINE_REASONS = ["Busy with another case", "Not my subject", "I know this customer personally", "Other"];

let me = null;
let work = { offers: [], assigned: [], teams: [] };
let item = null;
let openId = location.hash.slice(1) || null;
let reading = 0;
let chosenPresence = null;
let isBeating = false;
const news = new News();

const listed = (id) => [...work.offers, ...work.assigned].find((one) => one.id === id);
const canSpeak = () => Boolean(item && item.state === "assigned" && work.assigned.some((one) => one.id === item.id));

/** Read everything that is shown. Answers that were overtaken by a newer reading are dropped. */
async function refresh() {
  const mine = ++reading;
  try {
    const [whoIs, all] = await Promise.all([whoAmI(), readWork()]);
    if (mine !== reading) return;
    [me, work] = [whoIs, all];
    noticePresence();
    openId ??= (work.offers[0] ?? work.assigned[0])?.id ?? null;
    const opened = openId ? await readOpen(openId) : null;
    if (mine !== reading) return;
    item = opened;
    show();
    startBeating();
  } catch (error) {
    if (mine === reading) complain(error);
  }
}

async function readOpen(id) {
  try {
    return await readItem(id);
  } catch (error) {
    if (!(error instanceof Refused) || ![403, 404].includes(error.status)) throw error;
    say("The case that was open here is no longer yours to see.");
    openId = null;
    return null;
  }
}

function show() {
  const times = [...work.offers, ...work.assigned, item].filter(Boolean).map((one) => one.now);
  if (times.length) hear(times.at(-1));
  showPresence(me, choosePresence);
  const onAvailable = () => choosePresence("available");
  showWork(work, openId, me.agent.presence, { onOpen: open, onAccept: accept, onDecline: decline, onAvailable });
  document.title = work.offers.length ? `(${work.offers.length}) Desk · Baton` : "Desk · Baton";
  if (item) showItem();
  else showNothing();
  const offered = news.of(work, item);
  if (offered && isIdle()) focus(`accept-${offered.id}`);
}

function showItem() {
  const onHead = { onAccept: accept, onDecline: decline, onResolve: resolve, onHandBack: handBack };
  showHead(item, Boolean(listed(item.id)), onHead);
  showComposer(item.id, canSpeak());
  showTimeline(item.timeline, item.id);
  showFacts(item, canSpeak(), { onDraft: insert, onSuggestion: judgeSuggestion });
}

function showNothing() {
  clearHead();
  clearFacts();
  showComposer(null, false);
  const hint = el("p", null, "Offers and your own cases stand on the left. Press ", el("kbd", null, "?"), " for the keys.");
  clearTimeline(el("div", { class: "nothing" }, el("h1", null, "No case open"), hint));
}

async function open(id) {
  openId = id;
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
  document.body.dataset.view = id ? "talk" : "work";
  await refresh();
}

/** Do what the agent asked for; whatever happens, show what is true afterwards. Answers whether it was done. */
async function step(work, done) {
  say("…");
  try {
    await work();
    say(done, "done");
    return true;
  } catch (error) {
    complain(error);
    return false;
  } finally {
    await refresh();
  }
}

function complain(error) {
  if (!(error instanceof Refused)) throw error;
  say(error.message, "refused");
}

async function accept(offer) {
  openId = offer.id;
  history.replaceState(null, "", `#${offer.id}`);
  const taken = () => act(offer.id, "accept", { version: offer.version });
  if (await step(taken, "You have the case. Write your answer; Ctrl+Enter sends it.")) write();
}

async function decline(offer) {
  const reason = await askReason("Decline this offer?", DECLINE_REASONS);
  if (!reason) return;
  if (openId === offer.id) openId = null;
  const declined = () => act(offer.id, "decline", { version: offer.version, reason });
  await step(declined, "Declined. The case keeps its place and goes to somebody else.");
}

const send = (id, text, key) =>
  step(() => act(id, "reply", { text, key }), "On its way to the customer. If that settles it: Esc, then E resolves.");

async function resolve(held) {
  const warning = hasText() ? "Your reply is not sent yet; it stays here as a draft. " : "";
  const text = `${warning}If the customer writes again about it, it comes back.`;
  const sure = await confirmStep("Resolve this case?", text, "Resolve");
  if (sure) await put(held, "resolve", "Resolved.");
}

async function handBack(held) {
  const sure = await confirmStep("Give this case back to the AI?", "The AI answers the customer from here on.", "Give back");
  if (sure) await put(held, "hand-back", "The AI has the case again.");
}

async function put(held, verb, done) {
  openId = null;
  history.replaceState(null, "", location.pathname);
  if (await step(() => act(held.id, verb), done)) focus(openId ? `open-${openId}` : "available");
  else await open(held.id);
}

const judgeSuggestion = (suggestion, verdict) =>
  step(() => judge(item.id, suggestion.id, verdict), verdict.use ? "On its way to the customer." : "Dismissed.");

const PRESENCE_SAID = {
  available: "You are available. Offers appear on the left.",
  away: "You are away. Your cases stay with you.",
  offline: "You are offline.",
};

function choosePresence(presence) {
  chosenPresence = presence;
  return step(() => bePresent(presence), PRESENCE_SAID[presence]);
}

const togglePresence = () => choosePresence(me.agent.presence === "available" ? "away" : "available");

/** Tell the agent when the server has taken their availability back: offers were missed, or the desk was out of touch. */
function noticePresence() {
  const { presence } = me.agent;
  if (chosenPresence === "available" && presence !== "available") {
    say(`You were set to ${presence}, since you did not react. P makes you available again.`, "refused");
  }
  chosenPresence = presence;
}

/** Keep the lease; what the agent is stays as the server has it, since missed offers may have set it to away. */
async function beat() {
  try {
    me = await stayPresent();
    await refresh();
  } catch (error) {
    complain(error);
  }
}

function startBeating() {
  if (isBeating) return;
  isBeating = true;
  heartbeat(me.lease_seconds / 3, beat);
  beat();
}

function move(by) {
  const all = [...work.offers, ...work.assigned];
  const next = all[(all.findIndex((one) => one.id === openId) + by + all.length) % all.length];
  if (next) open(next.id).then(() => focus(`open-${next.id}`));
}

function focus(key) {
  document.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus();
}

const chosenOffer = () => work.offers.find((one) => one.id === openId) ?? work.offers[0];
const withOffer = (verb) => () => (chosenOffer() ? verb(chosenOffer()) : say("There is no offer right now."));
const withCase = (verb) => () => (canSpeak() ? verb(item) : say("Open one of your own cases first."));
const click = (key, otherwise) => {
  const button = document.querySelector(`[data-focus^="${key}"]`);
  if (button) button.click();
  else say(otherwise);
};

const KEYS = [
  { keys: ["p"], shown: ["P"], does: "Go available, or away", run: togglePresence },
  { keys: ["a"], shown: ["A"], does: "Accept the offer", run: withOffer(accept) },
  { keys: ["d"], shown: ["D"], does: "Decline the offer", run: withOffer(decline) },
  { keys: ["j", "ArrowDown"], shown: ["J", "↓"], does: "Next case in the list", run: () => move(1) },
  { keys: ["k", "ArrowUp"], shown: ["K", "↑"], does: "Previous case in the list", run: () => move(-1) },
  { keys: ["r"], shown: ["R"], does: "Reply", run: () => write() || say("Accept the case first; then you can reply.") },
  { keys: ["u"], shown: ["U"], does: "Put the AI's draft into the reply", run: () => click("use-draft", "No draft here.") },
  { shown: ["Ctrl", "Enter"], does: "Send the reply" },
  { shown: ["Esc"], does: "Leave the text, so that the keys work again" },
  { keys: ["s"], shown: ["S"], does: "Send the first suggestion", run: () => click("suggest-", "There is no suggestion here.") },
  { keys: ["e"], shown: ["E"], does: "Resolve the case", run: withCase(resolve) },
  { keys: ["b"], shown: ["B"], does: "Give the case back to the AI", run: withCase(handBack) },
  { keys: ["?"], shown: ["?"], does: "This list", run: () => showKeys(KEYS) },
];

function chooseView(event) {
  const { view } = event.currentTarget.dataset;
  document.body.dataset.view = view;
}

async function leave() {
  await bePresent("offline").catch(() => null);
  await signOut().catch(() => null);
  location.assign("/desk/sign-in");
}

setUpKeys(KEYS);
setUpComposer(send);
document.getElementById("help").addEventListener("click", () => showKeys(KEYS));
document.getElementById("sign-out").addEventListener("click", leave);
document.querySelectorAll(".views button").forEach((button) => button.addEventListener("click", chooseView));
setInterval(tick, 500);
await refresh();
followJournal({ onChange: refresh, onLink: sayLink });
