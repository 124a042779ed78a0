/** Replacing a part of the page without taking the reader's place in it. */

/**
 * Put `nodes` in the place of what `container` shows, unless `content` is what it shows already. Focus and selection
 * move to the new node with the same `data-focus`; the scroll position stays. Tells whether anything changed.
 */
export function redraw(container, content, nodes) {
  const print = JSON.stringify(content);
  if (container.print === print) return false;
  container.print = print;
  const place = readPlace(container);
  container.replaceChildren(...nodes().flat(Infinity).filter(Boolean));
  restorePlace(container, place);
  return true;
}

function readPlace(container) {
  const active = document.activeElement;
  const inside = active && container.contains(active);
  return {
    key: inside ? active.dataset.focus : null,
    selection: inside && active.tagName === "TEXTAREA" ? [active.selectionStart, active.selectionEnd] : null,
    top: container.scrollTop,
  };
}

function restorePlace(container, { key, selection, top }) {
  const node = key && container.querySelector(`[data-focus="${CSS.escape(key)}"]`);
  if (node) node.focus({ preventScroll: true });
  if (node && selection) node.setSelectionRange(...selection);
  container.scrollTop = top;
}
