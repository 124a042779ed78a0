/** What the assistant's page asks of the API. */

import { call } from "../desk/door.js";

export const readSwitches = () => call("GET", "/v1/assistant/switches");
export const readReadiness = () => call("GET", "/v1/readiness?days=30");
export const readGaps = () => call("GET", "/v1/admin/knowledge/gaps?days=30");
export const stopAi = (cell, why) => call("POST", "/v1/assistant/stop", { cell, why });
export const startAi = (cell) => call("POST", "/v1/assistant/start", { cell });
