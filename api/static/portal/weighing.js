/** Policy's word on a form, beside it while it is filled. */

import { Refused } from "../calling.js";

const PAUSE_MS = 250;

/**
 * Call the result after each change: a moment after the last one `ask()` is asked for a verdict, and `show(verdict)`
 * shows it. An answer that was overtaken is dropped; what is refused counts as a verdict.
 */
export function weigher(ask, show) {
  let turn = 0;
  let soon = null;
  const look = async (mine) => {
    const found = await ask().catch((error) => {
      if (!(error instanceof Refused)) throw error;
      return { allowed: false, words: error.message };
    });
    if (mine === turn) show(found);
  };
  return () => {
    turn += 1;
    clearTimeout(soon);
    soon = setTimeout(look, PAUSE_MS, turn);
  };
}
