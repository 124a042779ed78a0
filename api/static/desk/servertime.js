/** Time by the server's clock, carried on by the page's own steady one: a wrong wall clock does not matter. */

let atServer = Date.now();
let atPage = performance.now();

export function hear(now) {
  atServer = Date.parse(now);
  atPage = performance.now();
}

export function serverNow() {
  return atServer + performance.now() - atPage;
}

export function secondsUntil(instant) {
  return (Date.parse(instant) - serverNow()) / 1000;
}

/** A duration as people say it: `40 s`, `4 min`, `3 h`, `2 d`. */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  if (whole < 90 * 60) return `${Math.round(whole / 60)} min`;
  if (whole < 36 * 3600) return `${Math.round(whole / 3600)} h`;
  return `${Math.round(whole / 86400)} d`;
}
