/** An agent's own words for the AI's draft, kept in the browser so that neither a reload nor a newer draft loses them. */

import { browserKeeps } from "../keep.js";

const name = (itemId) => `baton.rewording.${itemId}`;

/** `of` is the draft that the words are meant for, `text` the words; null if there are none. */
export const readWords = (itemId) => browserKeeps.read(name(itemId));
export const keepWords = (itemId, of, text) => browserKeeps.write(name(itemId), { of, text });
export const forgetWords = (itemId) => browserKeeps.forget(name(itemId));
