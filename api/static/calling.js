/** Reaching the API: what it refuses becomes a sentence, and what it takes twice is tried again. */

const AWAY = new Set([0, 502, 503, 504]);
const PATIENCE_MS = [500, 1500, 4000];

/** What the API refused, as a sentence for people; `status` 0 means that it could not be reached. */
export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** The content of an answer. Raises `Refused`, with `away` as its sentence if nothing answers. */
export async function answered(path, request, away) {
  const response = await fetch(path, request).catch(() => null);
  if (!response) throw new Refused(0, away);
  if (!response.ok) throw new Refused(response.status, await sentence(response));
  return response.headers.get("Content-Type")?.includes("json") ? response.json() : null;
}

/** Try again while the server is away for a moment; only for what the API takes twice without harm. */
export async function patiently(work, onWait = () => undefined) {
  for (const pause of PATIENCE_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused) || !AWAY.has(error.status)) throw error;
      onWait();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return work();
}

/** What is wrong with a field is told beside the problem; a rule's words are the problem itself. */
async function sentence(response) {
  const problem = await response.json().catch(() => ({}));
  const fields = (problem.errors ?? []).filter(({ rule }) => !rule).map(({ field, message }) => `${field}: ${message}`).join("; ");
  return [problem.detail || problem.title || `The server answered ${response.status}.`, fields].filter(Boolean).join(" ");
}
