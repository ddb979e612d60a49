/** One try to deliver an event. `status` is null when no answer came; `error` then says why. `at` is real time. */
export interface WebhookAttempt {
  at: string;
  status: number | null;
  error: string | null;
  /** The first characters of the answer, for the console. */
  answer: string;
  ms: number;
}

/** How long a receiver may take. Stripe gives up after 10–30 s; the functions emulator's first call of a worker takes a few. */
export const WEBHOOK_TIMEOUT_MS = 30_000;
const KEPT_ANSWER_CHARS = 300;

/** Posts an event once and tells what happened; never throws, because a failed attempt is a fact for the journal. `stopped` ends it. */
export async function deliverOnce(
  url: string,
  body: string,
  headers: Record<string, string>,
  stopped: AbortSignal,
): Promise<WebhookAttempt> {
  const at = new Date().toISOString();
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
    });
    const answer = (await response.text()).slice(0, KEPT_ANSWER_CHARS);
    return { at, status: response.status, error: null, answer, ms: took() };
  } catch (error) {
    return { at, status: null, error: reasonOf(error), answer: '', ms: took() };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
