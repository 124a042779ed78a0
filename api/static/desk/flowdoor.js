/** What the desk asks the API about flows and tasks. */

import { call } from "./door.js";

const query = (values) => new URLSearchParams(values).toString();

export const readTasks = () => call("GET", "/v1/desk/tasks");
export const finishTask = (id, body) => call("POST", `/v1/desk/tasks/${encodeURIComponent(id)}`, body);
export const readOrders = (interaction) => call("GET", `/v1/flows/orders?${query({ interaction })}`);
export const readOffers = (interaction, order) => call("GET", `/v1/flows/offers?${query({ interaction, order })}`);
export const judgeRequest = (interaction, request) => call("POST", "/v1/flows/verdict", { interaction_id: interaction, request });
export const makeLink = (interaction, order) => call("POST", "/v1/flows/link", { interaction_id: interaction, order });
export const cancelFlow = (id) => call("POST", `/v1/flows/${encodeURIComponent(id)}/cancel`, {});

/** The same key is the same request. */
export const startFlow = (interaction, request, words, key) =>
  call("POST", "/v1/flows", { interaction_id: interaction, request, words }, { "Idempotency-Key": key });
