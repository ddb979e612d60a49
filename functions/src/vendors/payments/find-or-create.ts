/**
 * Makes something at Stripe exactly once. Stripe forgets an idempotency key after 24 hours, so `find` looks for what an
 * earlier attempt made; and it keeps a 5xx as faithfully as a success, so that a key whose first use failed inside Stripe
 * would fail for the whole day. Then, and only if a second look finds nothing, the key goes on under the failed request's id:
 * every attempt that gets here derives the same new key.
 */
export async function findOrCreate<T>(
  key: string,
  find: () => Promise<T | undefined>,
  create: (idempotencyKey: string) => Promise<T>,
): Promise<T> {
  const found = await find();
  if (found !== undefined) return found;
  try {
    return await create(key);
  } catch (error) {
    const failedRequest = replayedFailure(error);
    if (failedRequest === null) throw error;
    return (await find()) ?? create(`${key}:after:${failedRequest}`);
  }
}

/** The id of the first request, when Stripe replays its 5xx (https://docs.stripe.com/api/idempotent_requests), or null. */
function replayedFailure(error: unknown): string | null {
  const { statusCode, headers } = error as { statusCode?: unknown; headers?: Record<string, unknown> };
  if (typeof statusCode !== 'number' || statusCode < 500 || headers?.['idempotent-replayed'] !== 'true') return null;
  const original = headers['original-request'];
  return typeof original === 'string' ? original : null;
}
