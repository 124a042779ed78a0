/**
 * The chat of a shop's page. It uses Baton's public API alone.
 *
 *   <script type="module" src="/static/chat-widget.js"
 *           data-shop="Name of the shop" data-customer-token="..." data-customer-ref="..." data-open></script>
 *
 * data-customer-token  signed by the shop's server: tells who the signed-in customer is (optional)
 * data-customer-ref    any text that stays the same for one signed-in customer; needed where tokens change from page
 *                      to page, so that the chat goes on instead of starting again
 * data-open            opens the chat at once
 * Elements of the page with data-baton-chat open the chat; their data-baton-text becomes the draft if there is none.
 */

import { Outbox } from "./chat/outbox.js";
import { Panel } from "./chat/panel.js";
import { Queue } from "./chat/queue.js";
import { Session } from "./chat/session.js";
import { follow } from "./chat/stream.js";
import { browserKeeps, tabKeeps } from "./keep.js";

const OPEN = "baton.chat.open";
const SEEN = "baton.chat.seen";
const BY_MAIL = "A transcript is on its way to your e-mail address. Answer it to go on.";
const NOT_BY_MAIL = "This chat cannot go on by e-mail: nothing is open, or we do not know an address that is surely yours.";
const script = [...document.querySelectorAll("script[type=module]")].find((one) => one.src === import.meta.url);
const options = script?.dataset ?? {};
const api = new URL(import.meta.url).origin;

const session = new Session(api, options.customerToken ?? "", options.customerRef ?? "");
const outbox = new Outbox(api, session);
const panel = new Panel({
  shop: options.shop ?? "Support",
  styles: new URL("./chat/chat.css", import.meta.url).href,
  address: (id) => session.fileAddress(id),
  filesOf: (entry) => outbox.filesOf(entry),
});
const queue = new Queue(session);
const messages = new Map();
let stream = null;
let lastSeq = 0;
let state = null;

function show() {
  const sent = [...messages.values()].sort((a, b) => a.seq - b.seq);
  panel.show(sent, outbox.entries);
}

function take(message) {
  lastSeq = Math.max(lastSeq, message.seq);
  if (message.author === "customer") outbox.settle(message);
  messages.set(message.message_id, message);
  if (panel.isOpen) markSeen();
  else panel.announce([...messages.values()].filter((one) => one.author !== "customer" && one.seq > seen()).length);
  show();
}

/** While the banner tells of the wait, the line below it need not. */
function tellState() {
  panel.tell(state === "awaiting_person" && !queue.banner.hidden ? null : state);
}

function seen() {
  const mark = browserKeeps.read(SEEN);
  return mark?.events === session.events ? mark.seq : 0;
}

function markSeen() {
  browserKeeps.write(SEEN, { events: session.events, seq: lastSeq });
}

function listen() {
  if (stream || !session.events) return;
  stream = follow({
    address: () => session.eventsAddress(lastSeq),
    onMessage: take,
    onState: ({ state: now, resolution }) => {
      state = resolution === "left_queue" ? resolution : now;
      tellState();
    },
    onPlace: (place) => queue.show(place) && tellState(),
    onLink: (up) => panel.link(up),
    onRefused: startOver,
  });
}

function startOver() {
  stream?.close();
  stream = null;
  lastSeq = 0;
  messages.clear();
  session.forget();
  queue.show({ state: "none" });
  show();
}

outbox.addEventListener("change", show);
outbox.addEventListener("accepted", () => listen());
outbox.addEventListener("expired", startOver);
panel.addEventListener("send", (event) => outbox.add(event.detail.text, event.detail.files));
panel.addEventListener("again", (event) => outbox.again(event.detail));
panel.addEventListener("leave", async () => {
  const goesOn = await session.leave().catch(() => false);
  panel.say(goesOn ? BY_MAIL : NOT_BY_MAIL);
});
panel.addEventListener("toggled", (event) => {
  tabKeeps.write(OPEN, event.detail);
  markSeen();
});
window.addEventListener("storage", () => session.reread() && listen());
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-baton-chat]");
  if (!opener) return;
  event.preventDefault();
  panel.open(opener.dataset.batonText);
});

panel.place(queue.banner);
panel.tray.tellLost(outbox.lost);
await panel.ready;
show();
listen();
outbox.run();
if ("open" in options || tabKeeps.read(OPEN)) panel.open();
