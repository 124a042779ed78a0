/** What keeps the desk up to date: the journal's stream, and the heartbeat that keeps the agent present. */

const QUIET_MS = 120;
const LONGEST_WAIT_MS = 10_000;

/** Calls `onChange` shortly after the journal grew, and whenever the connection is back. */
export function followJournal({ onChange, onLink }) {
  let failures = 0;
  let soon = null;

  const changed = () => {
    clearTimeout(soon);
    soon = setTimeout(onChange, QUIET_MS);
  };

  function connect() {
    const source = new EventSource("/v1/desk/events");
    source.addEventListener("journal", changed);
    source.addEventListener("open", () => {
      failures = 0;
      onLink(true);
      changed();
    });
    source.addEventListener("error", () => {
      onLink(false);
      if (source.readyState !== EventSource.CLOSED) return;
      failures += 1;
      setTimeout(() => (changed(), connect()), Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures));
    });
  }

  connect();
}

/** Calls `beat` every so many seconds, from a worker: browsers slow the timers of pages in the background down. */
export function heartbeat(seconds, beat) {
  const pulse = new Worker("/static/desk/pulse.js");
  pulse.addEventListener("message", beat);
  pulse.postMessage(seconds * 1000);
}
