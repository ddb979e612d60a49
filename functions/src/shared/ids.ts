import { z } from 'zod';

/**
 * Ids are a prefix that names the kind and a ULID, so that they sort by creation and a log line says what it speaks of.
 * They are made by `platform/ids.ts`; this file knows only their shape.
 */
export const idPrefixes = {
  member: 'mem',
  order: 'ord',
  orderEvent: 'oev',
  line: 'lin',
  subscription: 'sub',
  reward: 'rwd',
  refund: 'rfd',
  mail: 'mai',
  job: 'job',
  alert: 'alr',
  audit: 'aud',
  reconciliation: 'rec',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;

/** Validates an id of one kind: prefix, underscore, 26 characters of Crockford base 32 in lower case. */
export function idSchema<K extends IdKind>(kind: K) {
  const pattern = new RegExp(`^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`);
  return z
    .string()
    .regex(pattern, `must be an id that starts with ${idPrefixes[kind]}_`)
    .transform((value) => value as Id<K>)
    .meta({ description: `Id that starts with ${idPrefixes[kind]}_.` });
}
