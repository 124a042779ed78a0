/** What the agent can do about flows, from the question before it to the sentence after it. */

import { randomKey } from "../dom.js";
import { insert } from "./composer.js";
import { confirmStep } from "./dialogs.js";
import { patiently } from "./door.js";
import { cancelFlow, finishTask, makeLink, startFlow } from "./flowdoor.js";
import { askFlow } from "./flowforms.js";
import { say } from "./status.js";
import { askTask } from "./tasks.js";

const FINISHED = { approved: "Approved.", refused: "Refused.", done: "Done." };

/** `step(work, done)` does the work, says `done` and shows what is true afterwards. */
export function flowVerbsOf({ step, interaction }) {
  const finish = async (task, decision) => {
    const body = await askTask(task, decision);
    if (body) await step(() => finishTask(task.id, body), FINISHED[body.decision]);
  };

  const ask = async (order, offer, products) => {
    const about = interaction();
    const answer = await askFlow(about, order, offer, products);
    if (!answer) return;
    const key = randomKey();
    const trying = () => say("The server is away for a moment; trying again.", "refused");
    await step(() => patiently(() => startFlow(about, answer.request, answer.words, key), trying), "It has been started.");
  };

  const callOff = async (flow) => {
    if (!(await confirmStep("Call this off?", "What was done so far is undone, and the customer is told.", "Call off"))) return;
    await step(() => cancelFlow(flow.id), "Called off.");
  };

  const link = async (order, use) => {
    const made = await step(() => makeLink(interaction(), order.number), use === "copy" ? "Copied." : "The link is in your reply.");
    if (!made) return;
    if (use === "insert") insert(made.url);
    else await navigator.clipboard.writeText(made.url).catch(() => say("The browser did not let the link be copied.", "refused"));
  };

  return { finish, ask, callOff, link };
}
