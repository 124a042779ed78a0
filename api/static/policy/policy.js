/** The policy page: tabs, and reading anew after a change. */

import { readMatrix, readVersion, readVersions, Refused, whoAmI } from "./door.js";
import { setUpExplain } from "./explain.js";
import { setUpFile, showFile } from "./file.js";
import { showHistory } from "./history.js";
import { showMatrix } from "./matrix.js";
import { say } from "./parts.js";

const TABS = [...document.querySelectorAll("[role=tab]")];
const REFUSALS = {
  403: "The policy is for leads and admins. Your own work is at the desk.",
  404: "No policy is active yet: write one under File, and activate it.",
};
const ACTIVE = document.getElementById("active");

function choose(tab, { focus = false } = {}) {
  for (const one of TABS) {
    one.setAttribute("aria-selected", String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = one !== tab;
  }
  history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
  if (focus) tab.focus();
}

function setUpTabs() {
  TABS.forEach((tab, number) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) choose(TABS.at((number + by) % TABS.length), { focus: true });
    });
  });
  choose(TABS.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash) ?? TABS[0]);
}

async function refresh() {
  try {
    const [me, matrix, versions] = await Promise.all([whoAmI(), readMatrix(), readVersions()]);
    const written = await readVersion(matrix.version);
    const mayWrite = me.role === "admin";
    for (const button of document.querySelectorAll("[data-writes]")) button.hidden = !mayWrite;
    const current = versions.find((row) => row.active);
    ACTIVE.textContent = `Version ${matrix.version}, active since ${new Date(current.activated_at).toLocaleString()}`;
    showMatrix(matrix, mayWrite, refresh);
    showHistory(versions, mayWrite, refresh);
    showFile(written.yaml);
    setUpExplain(matrix, Object.keys(written.policy.teams));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(REFUSALS[error.status] ?? error.message, "refused");
  }
}

setUpTabs();
setUpFile(refresh);
refresh();
