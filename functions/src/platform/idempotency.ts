import { createHash } from 'node:crypto';
import { CodedError } from '../shared/errors.ts';
import type { Queryable } from './db.ts';
import { newSuffix } from './ids.ts';

export interface IdempotencyId {
  actor: string;
  operation: string;
  key: string;
}

/** Longer than any operation may run (60 s), so that a second attempt takes over only from a dead one. */
const lockSeconds = 75;

/** Hashes a request so that the same content gives the same hash whatever the order of its keys. */
export function requestHash(input: unknown): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

interface Row {
  request_hash: string;
  resource_suffix: string;
  response: unknown;
  taken: boolean;
}

/**
 * Begins work under an idempotency key. Gives the first answer when it is done, or the suffix to run with: the one of the first
 * attempt when that one died. Throws `request.idempotency_key_reused` for the same key with other content, and
 * `request.in_progress` while another attempt runs.
 */
export async function beginIdempotent(
  db: Queryable,
  id: IdempotencyId,
  hash: string,
  now: Date,
): Promise<{ kind: 'run'; suffix: string } | { kind: 'replay'; response: unknown }> {
  const lockedUntil = new Date(now.getTime() + lockSeconds * 1000);
  const { rows } = await db.query<Row>(
    `insert into idempotency as i (actor, operation, key, request_hash, resource_suffix, locked_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (actor, operation, key) do update set locked_until = excluded.locked_until
       where i.response is null and i.request_hash = excluded.request_hash
         and (i.locked_until is null or i.locked_until < $7)
     returning request_hash, resource_suffix, response, true as taken`,
    [id.actor, id.operation, id.key, hash, newSuffix(now), lockedUntil, now],
  );
  if (rows[0]) return { kind: 'run', suffix: rows[0].resource_suffix };
  const found = await db.query<Row>(
    `select request_hash, resource_suffix, response, false as taken from idempotency
     where actor = $1 and operation = $2 and key = $3`,
    [id.actor, id.operation, id.key],
  );
  const row = found.rows[0];
  if (row && row.request_hash !== hash) {
    throw new CodedError(
      'request.idempotency_key_reused',
      `the key was used for another ${id.operation} with other content`,
    );
  }
  if (row && row.response !== null) return { kind: 'replay', response: row.response };
  throw new CodedError('request.in_progress', `the same ${id.operation} is still running`);
}

/** Keeps the answer for repetitions. */
export async function finishIdempotent(db: Queryable, id: IdempotencyId, response: unknown): Promise<void> {
  await db.query(
    `update idempotency set response = $4, locked_until = null where actor = $1 and operation = $2 and key = $3`,
    [id.actor, id.operation, id.key, JSON.stringify(response)],
  );
}

/** Lets the same request try again after a failure; it goes on under the same suffix. */
export async function releaseIdempotent(db: Queryable, id: IdempotencyId): Promise<void> {
  await db.query(
    `update idempotency set locked_until = null where actor = $1 and operation = $2 and key = $3 and response is null`,
    [id.actor, id.operation, id.key],
  );
}
