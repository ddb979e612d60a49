import { CodedError } from '../shared/errors.ts';
import type { Queryable } from './db.ts';

/**
 * Counts a call of `scope` in the current window. Throws `request.rate_limited` once `calls` is passed. Counted in Postgres, because
 * instances come and go and each would count for itself.
 */
export async function countCall(
  db: Queryable,
  scope: string,
  limit: { calls: number; windowSeconds: number },
  now: Date,
): Promise<void> {
  const windowMs = limit.windowSeconds * 1000;
  const windowStart = new Date(Math.floor(now.getTime() / windowMs) * windowMs);
  const { rows } = await db.query<{ calls: number }>(
    `insert into rate_limit as r (scope, window_start, calls) values ($1, $2, 1)
     on conflict (scope, window_start) do update set calls = r.calls + 1 returning calls`,
    [scope, windowStart],
  );
  if ((rows[0]?.calls ?? 0) > limit.calls) {
    const retryAfterSeconds = Math.ceil((windowStart.getTime() + windowMs - now.getTime()) / 1000);
    throw new CodedError('request.rate_limited', `more than ${limit.calls} calls in ${limit.windowSeconds} seconds`, {
      retryAfterSeconds,
    });
  }
}
