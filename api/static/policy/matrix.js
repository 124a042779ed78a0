/** The matrix as a table, and the dialog that shows and changes one cell. */

import { el } from "../dom.js";
import { changeCell } from "./door.js";
import { diffView, plain, say, step } from "./parts.js";

const TABLE = document.getElementById("table");
const DIALOG = document.getElementById("cell");
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

let at = [0, 0];

/** Draw the matrix; `onChanged` runs after a cell was activated. */
export function showMatrix(matrix, mayWrite, onChanged) {
  const cells = new Map(matrix.cells.map((cell) => [`${cell.issue} x ${cell.tier}`, cell]));
  const heads = matrix.tiers.map((tier) => el("th", { scope: "col" }, tier === "any" ? "any tier" : tier));
  const rows = matrix.issues.map((issue, row) => el("tr", null,
    el("th", { scope: "row" }, issue === "any" ? "any issue" : plain(issue)),
    matrix.tiers.map((tier, column) => {
      const cell = cells.get(`${issue} x ${tier}`);
      return el("td", null, cellButton(cell, row, column, () => openCell(cell, matrix.version, mayWrite, onChanged)));
    })));
  const corner = el("td");
  TABLE.replaceChildren(el("table", { class: "matrix" },
    el("thead", null, el("tr", null, corner, heads)), el("tbody", null, rows)));
  TABLE.onkeydown = move;
  find(...at)?.setAttribute("tabindex", "0");
}

function cellButton(cell, row, column, open) {
  const [first] = cell.candidates;
  const more = cell.candidates.length - 1;
  const label = `${plain(cell.issue)}, ${cell.tier}: ${first.stages.join(", then ")}${cell.own ? "" : `, from ${plain(cell.source)}`}`;
  return el("button", {
    type: "button", class: `cell ${first.stages[0].split(/[ :]/)[0]} ${cell.own ? "own" : "inherited"}`, click: open,
    tabindex: "-1", "data-row": row, "data-column": column, "data-cell": `${cell.issue} x ${cell.tier}`, "aria-label": label,
  },
  el("span", { class: "stages" }, first.stages.map((stage) => stage.replace(/ until .*/, "")).join(" › ")),
  el("small", null, [first.conditions.length && "if …", more && `+${more}`, !cell.own && "inherited"].filter(Boolean).join(" · ")));
}

const find = (row, column) => TABLE.querySelector(`[data-row="${row}"][data-column="${column}"]`);

/** One cell is in the order of tabs; arrow keys move it. */
function move(event) {
  const by = MOVES[event.key];
  const from = event.target.closest("[data-row]");
  if (!by || !from) return;
  event.preventDefault();
  const next = find(Number(from.dataset.row) + by[0], Number(from.dataset.column) + by[1]);
  if (next) stand(next);
}

function stand(button) {
  find(...at)?.setAttribute("tabindex", "-1");
  at = [Number(button.dataset.row), Number(button.dataset.column)];
  button.setAttribute("tabindex", "0");
  button.focus();
}

function openCell(cell, version, mayWrite, onChanged) {
  stand(TABLE.querySelector(`[data-cell="${cell.issue} x ${cell.tier}"]`));
  const text = el("textarea", { id: "cell-text", rows: 10, spellcheck: "false", readonly: !mayWrite, "aria-label": "Candidates (YAML)" });
  text.value = cell.text;
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });
  const activate = el("button", { type: "button", class: "primary", id: "cell-activate", disabled: true }, "Activate");
  let ready = null;

  const change = (candidates, preview) => ({ based_on: version, issue: cell.issue, tier: cell.tier, candidates, preview });
  const preview = async (candidates) => {
    const seen = await step(outcome, () => changeCell(change(candidates, true)), "Not active yet.");
    activate.disabled = !seen?.diff;
    ready = seen ? candidates : null;
    if (seen) outcome.replaceChildren(diffView(seen.diff));
    if (seen?.diff) activate.focus();
  };
  text.addEventListener("input", () => { activate.disabled = true; });
  activate.addEventListener("click", async () => {
    const done = await step(outcome, () => changeCell(change(ready, false)));
    if (!done) return;
    DIALOG.close();
    await onChanged();
    say(`Version ${done.version} is active.`, "done");
    find(...at)?.focus();
  });

  const buttons = mayWrite && [
    el("button", { type: "button", id: "cell-preview", click: () => preview(text.value) }, "Compare"),
    cell.own && el("button", { type: "button", click: () => preview(null) }, "Inherit instead"),
    activate,
  ];
  DIALOG.replaceChildren(
    el("h2", { id: "cell-title" }, `${plain(cell.issue)} × ${cell.tier}`),
    el("p", { class: "hint" }, cell.own ? "This cell's own candidates, tried in order." : `Inherited from ${plain(cell.source)}; what you write here counts for this cell alone.`),
    el("ol", { class: "candidates" }, cell.candidates.map((one) => el("li", null,
      el("strong", null, one.stages.join(" › ")),
      el("span", null, one.conditions.length ? ` if ${one.conditions.join(", and ")}` : " always")))),
    text, outcome,
    el("div", { class: "buttons" }, buttons, el("button", { type: "button", click: () => DIALOG.close() }, "Close", el("kbd", null, "Esc"))));
  DIALOG.showModal();
  text.focus();
}
