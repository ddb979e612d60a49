import { z } from 'zod';
import { idPrefixes, type Id, type IdKind } from './id-prefixes.ts';

// Apart from the prefixes, so that who only makes ids starts without the schema library.
export * from './id-prefixes.ts';

/** Validates an id of one kind: prefix, underscore, 26 characters of Crockford base 32 in lower case. */
export function idSchema<K extends IdKind>(kind: K) {
  const pattern = new RegExp(`^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`);
  return z
    .string()
    .regex(pattern, `must be an id that starts with ${idPrefixes[kind]}_`)
    .transform((value) => value as Id<K>)
    .meta({ description: `Id that starts with ${idPrefixes[kind]}_.` });
}
