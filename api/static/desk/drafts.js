/** Texts in the making, kept in the browser so that a reload loses none. */

import { randomKey } from "../dom.js";
import { browserKeeps } from "../keep.js";

const name = (id) => `baton.draft.${id}`;

export function readDraft(id) {
  return browserKeeps.read(name(id))?.text ?? "";
}

/** Keep the text; a changed text is another message, so it loses the key of an earlier attempt to send it. */
export function keepDraft(id, text) {
  const kept = browserKeeps.read(name(id));
  if (kept?.text === text) return;
  if (text) browserKeeps.write(name(id), { text, key: null });
  else browserKeeps.forget(name(id));
}

/** The key under which this text is sent, the same for every attempt. */
export function sendingKey(id, text) {
  const kept = browserKeeps.read(name(id));
  if (kept?.text === text && kept.key) return kept.key;
  const key = randomKey();
  browserKeeps.write(name(id), { text, key });
  return key;
}

export function forgetDraft(id) {
  browserKeeps.forget(name(id));
}
