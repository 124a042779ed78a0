/** The line at the bottom, which screen readers read out. */

const LINE = document.getElementById("status");
const LINK = document.getElementById("link");
const NEWS = document.getElementById("news");

export function say(sentence, kind = "") {
  LINE.textContent = sentence;
  LINE.className = kind;
}

export function sayLink(up) {
  LINK.textContent = up ? "live" : "reconnecting…";
  LINK.className = up ? "up" : "down";
}

/** Something that came in by itself: read out, not shown, because the page shows it elsewhere. */
export function announce(sentence) {
  NEWS.textContent = sentence;
}
