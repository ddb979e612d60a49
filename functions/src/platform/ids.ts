import { monotonicFactory } from 'ulid';
import { idPrefixes, type Id, type IdKind } from '../shared/id-prefixes.ts';

// Monotonic, so that ids made in one millisecond by one instance still sort in the order in which they were made.
const next = monotonicFactory();

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
