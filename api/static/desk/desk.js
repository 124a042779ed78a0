/** The agents' desk: reads what the API knows, shows it, and keeps it true while the journal grows. */

import { el } from "../dom.js";
import { insert, setUpComposer, showComposer, write } from "./composer.js";
import { tick } from "./countdown.js";
import { showKeys } from "./dialogs.js";
import { bePresent, readItem, readWork, Refused, signOut, stayPresent, whoAmI } from "./door.js";
import { clearFacts, showFacts, toggleConsidered } from "./facts.js";
import { clearHead, showHead } from "./head.js";
import { flowVerbsOf } from "./flowverbs.js";
import { readTasks } from "./flowdoor.js";
import { keysOf } from "./keymap.js";
import { isIdle, setUpKeys } from "./keys.js";
import { followJournal, heartbeat } from "./live.js";
import { News } from "./news.js";
import { OrdersPanel } from "./orderspanel.js";
import { showPresence } from "./presence.js";
import { showReview } from "./review.js";
import { hear } from "./servertime.js";
import { say, sayLink } from "./status.js";
import { clearTimeline, showTimeline } from "./timeline.js";
import { begin, verbsOf } from "./verbs.js";
import { presence as named } from "./words.js";
import { listed, showWork } from "./worklist.js";

const SUPERVISORS = new Set(["lead", "admin"]);

let me = null;
let work = { offers: [], assigned: [], parked: [], wrapping: [], pullable: [], teams: [], tasks: [] };
let item = null;
let openId = location.hash.slice(1) || null;
let reading = 0;
let newest = null;
let chosenPresence = null;
let isBeating = false;
const news = new News();
const ordersPanel = new OrdersPanel(showOrders);

const canSpeak = () => Boolean(item && item.state === "assigned" && item.agent_id === me.agent.id);

/** Read and show everything; done when the newest reading is shown, whoever asked for it. */
async function refresh() {
  newest = read(++reading);
  let seen = null;
  while (seen !== newest) {
    seen = newest;
    await seen;
  }
}

/** Answers that were overtaken by a newer reading are dropped. */
async function read(mine) {
  try {
    const [whoIs, all, tasks] = await Promise.all([whoAmI(), readWork(), readTasks()]);
    if (mine !== reading) return;
    [me, work] = [whoIs, { ...all, tasks }];
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
    setOpen(null);
    return null;
  }
}

function show() {
  const times = [...listed(work), item].filter(Boolean).map((one) => one.now);
  if (times.length) hear(times.at(-1));
  showPresence(me, choosePresence);
  for (const room of ["floor", "assistant"]) document.getElementById(room).hidden = !SUPERVISORS.has(me.agent.role);
  showWork(work, openId, me.agent.presence, onWork);
  document.title = work.offers.length ? `(${work.offers.length}) Desk · Baton` : "Desk · Baton";
  if (item) showItem();
  else showNothing();
  const offered = news.of(work, item);
  if (offered && isIdle()) focus(`accept-${offered.id}`);
}

function showItem() {
  showHead(item, me.agent.id, onCase);
  showComposer(item.id, canSpeak());
  showReview(item, canSpeak(), onReview);
  showTimeline(item.timeline, item.id);
  ordersPanel.look(item);
  showOrders();
}

function showOrders() {
  if (item) showFacts(item, canSpeak(), onFacts, ordersPanel.of(item));
}

function showNothing() {
  clearHead();
  clearFacts();
  showReview(null, false, onReview);
  showComposer(null, false);
  const hint = el("p", null, "Offers and your own cases stand on the left. Press ", el("kbd", null, "?"), " for the keys.");
  clearTimeline(el("div", { class: "nothing" }, el("h1", null, "No case open"), hint));
}

function setOpen(id) {
  openId = id;
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
}

async function open(id) {
  setOpen(id);
  document.body.dataset.view = id ? "talk" : "work";
  await refresh();
}

/** Do what the agent asked for; whatever happens, show what is true afterwards. */
async function step(work, done) {
  say("…");
  try {
    const answer = await work();
    say(done, "done");
    return answer ?? true;
  } catch (error) {
    complain(error);
    return null;
  } finally {
    await refresh();
  }
}

/** A step after which the case is somebody else's; refused, it stays open. */
async function leave(id, work, done) {
  const wasOpen = openId === id;
  if (wasOpen) setOpen(null);
  const left = await step(work, done);
  if (!left && wasOpen) await open(id);
  if (left && isIdle()) focus(openId ? `open-${openId}` : "available");
  return left;
}

function complain(error) {
  if (!(error instanceof Refused)) throw error;
  say(error.message, "refused");
}

const PRESENCE_SAID = {
  available: "You are available. Offers appear on the left.",
  busy: "You are busy. You finish what you have and get nothing new.",
  break: "You are on a break. Your cases stay with you.",
  offline: "You are offline. Your cases go to others in a while.",
};

function choosePresence(presence) {
  chosenPresence = presence;
  return step(() => bePresent(presence), PRESENCE_SAID[presence]);
}

/** Tell the agent when their availability was taken back: offers were missed, the desk was out of touch, or a lead did. */
function noticePresence() {
  const { presence } = me.agent;
  if (chosenPresence === "available" && presence !== "available") {
    say(`You were set to ${named(presence).toLowerCase()}, since you did not react. P makes you available again.`, "refused");
  }
  if (presence === chosenPresence) return;
  chosenPresence = presence;
}

async function beat() {
  try {
    const before = me?.agent.presence;
    const after = await stayPresent();
    if (after.agent.presence !== before) await refresh();
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
  const all = listed(work);
  const next = all[(all.findIndex((one) => one.id === openId) + by + all.length) % all.length];
  if (next) open(next.id).then(() => focus(`open-${next.id}`));
}

function focus(key) {
  document.querySelector(`[data-focus="${CSS.escape(key)}"]`)?.focus();
}

async function signedOut() {
  await bePresent("offline").catch(() => null);
  await signOut().catch(() => null);
  location.assign("/desk/sign-in");
}

const verbs = verbsOf({ step, leave, show: (id, andRead) => (andRead ? open(id).then(begin) : setOpen(id)) });
const flowVerbs = flowVerbsOf({ step, interaction: () => item?.interaction_id });
const { accept: onAccept, decline: onDecline, resume: onResume, wrapped: onWrapped, pick: onPick } = verbs;
const onWork = {
  onOpen: open, onAccept, onDecline, onResume, onWrapped, onPick,
  onNext: verbs.takeNext, onAvailable: () => choosePresence("available"),
  onTask: flowVerbs.finish,
};
const onCase = {
  onAccept, onDecline, onResume, onWrapped, onPick,
  onResolve: verbs.resolve, onHandBack: verbs.handBack, onSnooze: verbs.snooze, onTransfer: verbs.transfer, onDecide: verbs.decide,
};
const onReview = { onRelease: verbs.release, onReject: verbs.reject, onOwnWords: insert };
const onFacts = {
  onAskBrief: () => verbs.askBrief(item),
  onFlow: flowVerbs.ask, onLink: flowVerbs.link, onCancelFlow: flowVerbs.callOff,
  onFold: (number, isOpen) => ordersPanel.fold(number, isOpen),
  onDraft: insert, onKeep: verbs.keep, onWithdraw: verbs.withdraw,
  onSuggestion: (suggestion, verdict) => verbs.judgeSuggestion(item, suggestion, verdict),
};
const desk = {
  work: () => work, item: () => item, openId: () => openId, presence: () => me.agent.presence, isSupervisor: () => SUPERVISORS.has(me?.agent.role),
  canSpeak, move, choosePresence, toggleConsidered, write,
};
const keys = keysOf(desk, verbs);

setUpKeys(keys);
setUpComposer(verbs.send);
document.getElementById("help").addEventListener("click", () => showKeys(keys));
document.getElementById("sign-out").addEventListener("click", signedOut);
document.querySelectorAll(".views button").forEach((button) =>
  button.addEventListener("click", () => (document.body.dataset.view = button.dataset.view)));
setInterval(tick, 500);
await refresh();
followJournal({ onChange: refresh, onLink: sayLink });
