/** The assistant as leads steer it: its switches, how ready each cell is, and what it could not answer. */

import { askText, confirmStep } from "../desk/dialogs.js";
import { readColleagues, Refused, whoAmI } from "../desk/door.js";
import { followJournal } from "../desk/live.js";
import { redraw } from "../desk/redraw.js";
import { say, sayLink } from "../desk/status.js";
import { plain } from "../desk/words.js";
import { cells } from "./cells.js";
import { readGaps, readReadiness, readSwitches, startAi, stopAi } from "./door.js";
import { gaps } from "./gaps.js";
import { EVERY_CELL, switchboard } from "./switchboard.js";

const PANELS = document.getElementById("panels");
const NOT_YOURS = "This page is for leads and admins.";

let reading = 0;

async function refresh() {
  const mine = ++reading;
  try {
    const [me, colleagues, switches, report, open] = await Promise.all([whoAmI(), readColleagues(), readSwitches(), readReadiness(), readGaps()]);
    if (mine !== reading) return;
    document.getElementById("me").textContent = me.agent.name;
    PANELS.hidden = false;
    const names = Object.fromEntries([me.agent, ...colleagues.agents].map(({ id, name }) => [id, name]));
    show("switch", [switches.stopped, names], () => switchboard(switches, names, actions));
    show("cells", [report.lines, switches.stopped], () => cells(report.lines, switches.stopped, actions));
    show("gaps", open, () => gaps(open));
  } catch (error) {
    if (mine !== reading) return;
    complain(error);
    if (error.status === 403) turnAway();
  }
}

const show = (id, content, nodes) => redraw(document.getElementById(id), content, () => [nodes()]);

async function step(work, done) {
  say("…");
  try {
    say(done(await work()), "done");
  } catch (error) {
    complain(error);
  } finally {
    await refresh();
  }
}

function complain(error) {
  if (!(error instanceof Refused)) throw error;
  say(error.status === 403 ? NOT_YOURS : error.message, "refused");
}

function turnAway() {
  PANELS.hidden = true;
  document.getElementById("for-leads").hidden = false;
}

const where = (cell) => (cell === EVERY_CELL ? "everywhere" : `for ${plain(cell)}`);

function handed(taken) {
  if (!taken) return "It had no case in hand.";
  return taken === 1 ? "The case that it had goes to a person." : `The ${taken} cases that it had go to people.`;
}

async function stop(cell) {
  const hint = "Whoever wonders reads it";
  const why = await askText(`Stop the AI ${where(cell)}?`, { label: "Why", hint, yes: "Stop it", required: true });
  if (why) await step(() => stopAi(cell, why), ({ taken }) => `Stopped ${where(cell)}. ${handed(taken)}`);
}

async function start(cell) {
  const sure = await confirmStep(`Let the AI start again ${where(cell)}?`, "It answers new turns; what people have stays with them.", "Start it");
  if (sure) await step(() => startAi(cell), () => `The AI answers again ${where(cell)}.`);
}

const actions = { stop, start };

await refresh();
followJournal({ onChange: refresh, onLink: sayLink });
