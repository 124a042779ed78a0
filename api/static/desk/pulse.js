/** A clock that goes on ticking while the page is in the background. */
addEventListener("message", (event) => setInterval(() => postMessage(null), event.data));
