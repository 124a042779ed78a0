/** The floor: teams, agents and cases as leads see them, live, with what leads can do about it. */

import { tick } from "../desk/countdown.js";
import { showKeys } from "../desk/dialogs.js";
import { readFloor, readQueues, Refused, signOut, whoAmI } from "../desk/door.js";
import { setUpKeys } from "../desk/keys.js";
import { followJournal } from "../desk/live.js";
import { redraw } from "../desk/redraw.js";
import { hear } from "../desk/servertime.js";
import { announce, say, sayLink } from "../desk/status.js";
import { actionsOf } from "./actions.js";
import { people } from "./people.js";
import { owedSoon, queued, risks } from "./cases.js";
import { teams } from "./teams.js";

let floor = null;
let reading = 0;
let alarms = null;

async function refresh() {
  const mine = ++reading;
  try {
    const [me, now, waiting] = await Promise.all([whoAmI(), readFloor(), readQueues()]);
    if (mine !== reading) return;
    floor = { ...now, waiting };
    hear(now.now);
    document.getElementById("me").textContent = me.agent.name;
    show();
  } catch (error) {
    if (mine === reading) complain(error);
  }
}

function show() {
  part("teams", floor.teams, () => teams(floor.teams));
  part("people", [floor.agents, floor.teams], () => people(floor, actions));
  part("risks", [floor.sla_at_risk, floor.agents], () => risks(floor, actions));
  part("waiting", [floor.waiting, floor.teams], () => queued(floor, actions));
  part("owed", floor.commitments_due, () => owedSoon(floor, actions));
  tellAlarms();
}

function part(id, content, nodes) {
  redraw(document.getElementById(id), content, nodes);
}

/** Screen readers hear when a service level is missed or a team comes under pressure. */
function tellAlarms() {
  const missed = floor.sla_at_risk.filter((one) => one.breached).length;
  const pressed = floor.teams.filter((one) => one.pressure !== "normal").map((one) => one.title);
  const now = `${missed}|${pressed}`;
  if (alarms !== null && alarms !== now) announce([missed && `${missed} missed`, pressed.length && `under pressure: ${pressed.join(", ")}`].filter(Boolean).join("; ") || "All calm.");
  alarms = now;
}

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

function complain(error) {
  if (!(error instanceof Refused)) throw error;
  say(error.status === 403 ? "The floor is for leads and admins. Your own work is at the desk." : error.message, "refused");
}

async function signedOut() {
  await signOut().catch(() => null);
  location.assign("/desk/sign-in");
}

const actions = actionsOf({ step, floor: () => floor });

/** Run an action on the case or the agent whose row has the focus. */
const onCase = (act) => () => {
  const row = document.activeElement?.closest("[data-item]");
  return row ? act(row.dataset.item) : say("Choose a case first: J and K go through the rows.");
};
const onPerson = (act) => () => {
  const row = document.activeElement?.closest("[data-agent]");
  return row ? act(row.dataset.agent) : say("Choose an agent first: J and K go through the rows.");
};

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const now = rows.indexOf(document.activeElement?.closest("[data-row]"));
  rows.at((now + by + rows.length) % rows.length)?.focus();
}

const KEYS = [
  { keys: ["j", "ArrowDown"], shown: ["J", "↓"], does: "Next row", run: () => move(1) },
  { keys: ["k", "ArrowUp"], shown: ["K", "↑"], does: "Previous row", run: () => move(-1) },
  { keys: ["o"], shown: ["O"], does: "Open the case at the desk", run: onCase((id) => location.assign(`/desk#${id}`)) },
  { keys: ["g"], shown: ["G"], does: "Give the case to somebody", run: onCase(actions.reassign) },
  { keys: ["t"], shown: ["T"], does: "Take the case back into the queue", run: onCase(actions.takeBack) },
  { keys: ["+"], shown: ["+"], does: "Move a waiting case forward", run: onCase(actions.sooner) },
  { keys: ["-"], shown: ["−"], does: "Move a waiting case back", run: onCase(actions.later) },
  { keys: ["p"], shown: ["P"], does: "Set the presence of an agent", run: onPerson(actions.setPresence) },
  { keys: ["f"], shown: ["F"], does: "Back to the desk", run: () => location.assign("/desk") },
  { keys: ["?"], shown: ["?"], does: "This list", run: () => showKeys(KEYS) },
];

setUpKeys(KEYS);
document.getElementById("help").addEventListener("click", () => showKeys(KEYS));
document.getElementById("sign-out").addEventListener("click", signedOut);
setInterval(tick, 500);
await refresh();
followJournal({ onChange: refresh, onLink: sayLink });
