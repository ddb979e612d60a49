import { CodedError, type ErrorCode } from '../shared/errors.ts';
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
  const start = windowStart(limit.windowSeconds, now);
  const { rows } = await db.query<{ calls: number }>(
    `insert into rate_limit as r (scope, window_start, calls) values ($1, $2, 1)
     on conflict (scope, window_start) do update set calls = r.calls + 1 returning calls`,
    [scope, start],
  );
  if ((rows[0]?.calls ?? 0) > limit.calls) {
    const retryAfterSeconds = Math.ceil((start.getTime() - now.getTime()) / 1000) + limit.windowSeconds;
    throw new CodedError('request.rate_limited', `more than ${limit.calls} calls in ${limit.windowSeconds} seconds`, {
      retryAfterSeconds,
    });
  }
}

/**
 * Does `deed`, and counts it for `scope` only when it fails with `code`: for what may be tried often and guessed seldom. Counted before it
 * is done and taken back when it did not miss, so that many guesses at once are not more than one after the other. Throws
 * `request.rate_limited`, and whatever `deed` throws.
 */
export async function countMisses<T>(
  db: Queryable,
  scope: string,
  limit: { calls: number; windowSeconds: number },
  now: Date,
  code: ErrorCode,
  deed: () => Promise<T>,
): Promise<T> {
  await countCall(db, scope, limit, now);
  try {
    const result = await deed();
    await takeBack(db, scope, limit.windowSeconds, now);
    return result;
  } catch (error) {
    if (!(error instanceof CodedError && error.code === code)) await takeBack(db, scope, limit.windowSeconds, now);
    throw error;
  }
}

async function takeBack(db: Queryable, scope: string, windowSeconds: number, now: Date): Promise<void> {
  await db.query('update rate_limit set calls = calls - 1 where scope = $1 and window_start = $2', [
    scope,
    windowStart(windowSeconds, now),
  ]);
}

function windowStart(windowSeconds: number, now: Date): Date {
  const windowMs = windowSeconds * 1000;
  return new Date(Math.floor(now.getTime() / windowMs) * windowMs);
}
