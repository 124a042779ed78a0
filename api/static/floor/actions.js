/** What leads can do: give a case to somebody, take it back, move it in the queue, set an agent's presence. */

import { choose, confirmStep } from "../desk/dialogs.js";
import { act, readItem, setPresence as put } from "../desk/door.js";
import { presence as named } from "../desk/words.js";

const MINUTES = 30;
const PRESENCES = ["available", "busy", "break", "offline"];

/** The actions of one floor. `step(work, done)` does the work and shows what is true afterwards. */
export function actionsOf({ step, floor }) {
  const reassign = async (id) => {
    const item = await step(() => readItem(id), "");
    if (!item) return;
    const able = floor().agents.filter((agent) => agent.teams.includes(item.team_id) && agent.presence !== "offline" && agent.id !== item.agent_id);
    const choices = able.slice(0, 9).map((agent, place) => ({
      title: agent.name, value: agent.id, key: String(place + 1),
      hint: `${named(agent.presence).toLowerCase()}, ${agent.load} of ${agent.capacity} taken`,
    }));
    if (!choices.length) return void (await confirmStep("Nobody to give it to", "Nobody else of this team is here.", "Close"));
    const to = await choose("Give this case to", choices);
    if (to) await step(() => act(id, "reassign", { agent_id: to }), "Given. They have the case now.");
  };

  const takeBack = async (id) => {
    const sure = await confirmStep("Take this case back?", "It goes back into the queue at its old place; its agent is not asked for it again for a while.", "Take it back");
    if (sure) await step(() => act(id, "take-back"), "Back in the queue, at its old place.");
  };

  const shift = (minutes, done) => (id) =>
    step(async () => {
      const { version } = await readItem(id);
      return act(id, "priority", { version, minutes });
    }, done);

  const setPresence = async (id) => {
    const agent = floor().agents.find((one) => one.id === id);
    const choices = PRESENCES.map((presence, place) => ({ title: named(presence), value: presence, key: String(place + 1) }));
    const presence = await choose(`${agent.name} is`, choices);
    if (presence) await step(() => put(id, presence), `${agent.name} is ${named(presence).toLowerCase()} now.`);
  };

  return {
    reassign, takeBack, setPresence,
    sooner: shift(MINUTES, `Moved forward, as if it had waited ${MINUTES} minutes longer.`),
    later: shift(-MINUTES, `Moved back by ${MINUTES} minutes.`),
  };
}
