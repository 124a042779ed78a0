/** The conversation's event stream, resumed after the last message that arrived. */

const LONGEST_WAIT_MS = 15_000;

export function follow({ address, onMessage, onState, onPlace, onLink, onRefused }) {
  let source = null;
  let timer = null;
  let failures = 0;

  function connect() {
    source = new EventSource(address());
    source.addEventListener("open", () => {
      failures = 0;
      onLink(true);
    });
    source.addEventListener("message", (event) => onMessage(JSON.parse(event.data)));
    source.addEventListener("state", (event) => onState(JSON.parse(event.data)));
    source.addEventListener("queue", (event) => onPlace(JSON.parse(event.data)));
    source.addEventListener("error", lost);
  }

  /** The browser resumes dropped connections itself; a refused one it gives up, so that is tried again here. */
  function lost() {
    onLink(false);
    if (source.readyState !== EventSource.CLOSED) return;
    failures += 1;
    timer = setTimeout(retry, Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures));
  }

  async function retry() {
    const refused = await isRefused(address());
    if (refused) onRefused();
    else connect();
  }

  connect();
  return {
    close() {
      clearTimeout(timer);
      source.close();
    },
  };
}

/** Does the API say that this session may not read the conversation (any more)? EventSource hides the status. */
async function isRefused(address) {
  const giveUp = new AbortController();
  try {
    const response = await fetch(address, { signal: giveUp.signal });
    return [401, 403, 404].includes(response.status);
  } catch {
    return false;
  } finally {
    giveUp.abort();
  }
}
