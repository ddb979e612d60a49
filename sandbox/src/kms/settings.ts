import { z } from 'zod';
import type { Store } from '../core/store.ts';

/**
 * How the stand-in behaves until told otherwise. `denied` refuses whoever calls; `highS` says how signatures come: as chance has it
 * (half of them high, as from an HSM), or always one way. `damage` is what a bad link does to the next answers: the checksum of a
 * signature or a public key is wrong, the digest came in damaged, or the signature is another key's.
 */
export const kmsSettings = z.strictObject({
  denied: z.boolean(),
  highS: z.enum(['chance', 'always', 'never']),
  damage: z.enum(['none', 'signature-checksum', 'key-checksum', 'digest-not-verified', 'foreign-signature']),
  /** How many answers are damaged before the link is good again. */
  damageTimes: z.number().int().min(0).max(1_000_000),
});

/** The settings in force. */
export type KmsSettings = z.output<typeof kmsSettings>;

const DEFAULTS: KmsSettings = { denied: false, highS: 'chance', damage: 'none', damageTimes: 1_000_000 };

/** Reads the settings. */
export function readKmsSettings(store: Store): KmsSettings {
  return { ...DEFAULTS, ...store.get<KmsSettings>('kms-settings', 'all') };
}

/** Changes the settings that `change` names. */
export function changeKmsSettings(store: Store, change: Partial<KmsSettings>): KmsSettings {
  const settings = { ...readKmsSettings(store), ...change };
  store.put('kms-settings', 'all', settings);
  return settings;
}

/** Tells whether this answer is to be damaged in that way, and counts it. */
export function takeDamage(store: Store, damage: KmsSettings['damage']): boolean {
  const settings = readKmsSettings(store);
  if (settings.damage !== damage || settings.damageTimes === 0) return false;
  changeKmsSettings(store, { damageTimes: settings.damageTimes - 1 });
  return true;
}
