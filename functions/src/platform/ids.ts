import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { idPrefixes, type Id, type IdKind } from '../shared/id-prefixes.ts';

/** Random bytes fetched ahead: asked for one at a time, as the library does by itself, they cost a webhook a twentieth of its time. */
const pool = new Uint8Array(1024);
let used = pool.length;

function randomFraction(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

// Monotonic, so that ids made in one millisecond by one instance still sort in the order in which they were made.
const next = monotonicFactory(randomFraction);

/** Makes an id of `kind` at time `now`: prefix and ULID, in lower case. */
export function newId<K extends IdKind>(kind: K, now: Date): Id<K> {
  return idFromSuffix(kind, newSuffix(now));
}

/** Makes the part behind the prefix alone, for ids that are decided before what they name exists. */
export function newSuffix(now: Date): string {
  return next(now.getTime()).toLowerCase();
}

/** Joins kind and suffix. */
export function idFromSuffix<K extends IdKind>(kind: K, suffix: string): Id<K> {
  return `${idPrefixes[kind]}_${suffix}` as Id<K>;
}
