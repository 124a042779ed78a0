/** Every action of the desk has a key; `?` lists them. */

import { showKeys } from "./dialogs.js";
import { CHOICES } from "./presence.js";
import { judgeDraft } from "./review.js";
import { say } from "./status.js";
import { presence as named } from "./words.js";

/** The keys of a `desk` (what is before the agent) and its verbs. */
export function keysOf(desk, verbs) {
  const chosenOffer = () => desk.work().offers.find((one) => one.id === desk.openId()) ?? desk.work().offers[0];
  const withOffer = (verb) => () => (chosenOffer() ? verb(chosenOffer()) : say("There is no offer right now."));
  const withCase = (verb) => () => (desk.canSpeak() ? verb(desk.item()) : say("Open one of your own cases first."));
  const deciding = (approve) =>
    withCase((item) => (item.asks_decision ? verbs.decide(item, approve) : say("This case asks for no decision.")));
  const inGroup = (name, verb, otherwise) => () => {
    const group = desk.work()[name];
    const one = group.find(({ id }) => id === desk.openId()) ?? group[0];
    return one ? verb(one) : say(otherwise);
  };
  const picked = (one) => (one === desk.work().pullable[0] ? verbs.takeNext(one) : verbs.pick(one));
  const toggle = () => desk.choosePresence(desk.presence() === "available" ? "busy" : "available");
  const floor = () => (desk.isSupervisor() ? location.assign("/desk/floor") : say("The floor is for leads."));

  const keys = [
    { keys: ["a"], shown: ["A"], does: "Accept the offer", run: withOffer(verbs.accept) },
    { keys: ["d"], shown: ["D"], does: "Decline the offer", run: withOffer(verbs.decline) },
    { keys: ["n"], shown: ["N"], does: "Take the next case to pick, or the open one", run: inGroup("pullable", picked, "There is nothing to pick.") },
    { keys: ["j", "ArrowDown"], shown: ["J", "↓"], does: "Next case in the list", run: () => desk.move(1) },
    { keys: ["k", "ArrowUp"], shown: ["K", "↑"], does: "Previous case in the list", run: () => desk.move(-1) },
    { keys: ["r"], shown: ["R"], does: "Reply", run: () => desk.write() || say("Accept the case first; then you can reply.") },
    { keys: ["u"], shown: ["U"], does: "Put the reply that the AI suggests into yours", run: () => click("use-draft", "No reply is suggested here.") },
    { keys: ["h"], shown: ["H"], does: "Ask the AI for a fresh brief", run: () => click("ask-brief", "Open one of your own cases first.") },
    { shown: ["Ctrl", "Enter"], does: "Send the reply" },
    { shown: ["Ctrl", "K"], does: "Make what the reply promises a commitment" },
    { shown: ["Esc"], does: "Leave the text, so that the keys work again" },
    { keys: ["s"], shown: ["S"], does: "Send the AI's draft, or the first suggestion", run: () => judge("suggest-") },
    { keys: ["m"], shown: ["M"], does: "Edit the AI's draft, or the first suggestion", run: () => judge("edit-") },
    { keys: ["q"], shown: ["Q"], does: "Reject the AI's draft, or dismiss the first suggestion", run: () => judge("dismiss-") },
    { keys: ["e"], shown: ["E"], does: "Resolve the case", run: withCase(verbs.resolve) },
    { keys: ["y"], shown: ["Y"], does: "Approve what the case asks", run: deciding(true) },
    { keys: ["x"], shown: ["X"], does: "Refuse what the case asks", run: deciding(false) },
    { keys: ["z"], shown: ["Z"], does: "Snooze the case", run: withCase(verbs.snooze) },
    { keys: ["g"], shown: ["G"], does: "Go on with a parked case", run: inGroup("parked", verbs.resume, "Nothing is parked.") },
    { keys: ["t"], shown: ["T"], does: "Transfer the case to a team or a colleague", run: withCase(verbs.transfer) },
    { keys: ["b"], shown: ["B"], does: "Give the case back to the AI", run: withCase(verbs.handBack) },
    { keys: ["w"], shown: ["W"], does: "Notes done: have room again", run: inGroup("wrapping", verbs.wrapped, "There are no notes to finish.") },
    { keys: ["c"], shown: ["C"], does: "The first promise is kept", run: () => click("keep-", "Nothing is promised here.") },
    { keys: ["v"], shown: ["V"], does: "Take the first promise back", run: () => click("withdraw-", "Nothing is promised here.") },
    { keys: ["i"], shown: ["I"], does: "Show what was considered for this case", run: () => desk.toggleConsidered() || say("No case is open.") },
    { keys: ["l"], shown: ["L"], does: "Go to the first task", run: () => focusOn("task-", "There is no task.") },
    { keys: ["o"], shown: ["O"], does: "Go to what can be done about the customer's order", run: () => focusOn("ask-", "No order is shown here.") },
    { keys: ["p"], shown: ["P"], does: "Go available, or busy", run: toggle },
    ...Object.entries(CHOICES).map(([presence, key]) => ({
      keys: [key], shown: [key], does: `Be ${named(presence).toLowerCase()}`, run: () => desk.choosePresence(presence),
    })),
    { keys: ["f"], shown: ["F"], does: "The floor (leads)", run: floor },
    { keys: ["?"], shown: ["?"], does: "This list", run: () => showKeys(keys) },
  ];
  return keys;
}

function click(key, otherwise) {
  const button = document.querySelector(`[data-focus^="${key}"]`);
  if (button) button.click();
  else say(otherwise);
}

/** The draft comes first; while one is there, no key meant for it reaches a suggestion. */
const judge = (key) => judgeDraft(key) || click(key, "There is no draft and no suggestion here.");

function focusOn(key, otherwise) {
  const button = document.querySelector(`[data-focus^="${key}"]:not(:disabled)`);
  if (!button) return say(otherwise);
  document.body.dataset.view = key === "ask-" ? "facts" : "work";
  button.focus();
}
