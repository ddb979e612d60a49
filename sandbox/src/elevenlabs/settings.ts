import { z } from 'zod';
import type { Store } from '../core/store.ts';

/**
 * How the account behaves until told otherwise. `concurrency` is how many syntheses it runs at once; one more is refused with 429.
 * `latencyMs` is what a synthesis takes besides its own work. `missingVoices` are voices that the account has lost.
 * Without `history` it keeps none, as accounts with zero retention.
 */
export const elevenLabsSettings = z.strictObject({
  concurrency: z.number().int().min(1).max(1_000),
  characterLimit: z.number().int().min(0).max(1_000_000_000),
  latencyMs: z.number().int().min(0).max(60_000),
  missingVoices: z.array(z.string()).max(10),
  history: z.boolean(),
});

/** The settings in force. */
export type ElevenLabsSettings = z.output<typeof elevenLabsSettings>;

const DEFAULTS: ElevenLabsSettings = {
  concurrency: 5,
  characterLimit: 10_000_000,
  latencyMs: 0,
  missingVoices: [],
  history: true,
};

/** Reads the settings. */
export function readSettings(store: Store): ElevenLabsSettings {
  return { ...DEFAULTS, ...store.get<ElevenLabsSettings>('elevenlabs-settings', 'all') };
}

/** Changes the settings that `change` names. */
export function changeSettings(store: Store, change: Partial<ElevenLabsSettings>): ElevenLabsSettings {
  const settings = { ...readSettings(store), ...change };
  store.put('elevenlabs-settings', 'all', settings);
  return settings;
}

/** What the account has used of its quota, in credits. */
export function usedCredits(store: Store): number {
  return store.get<{ credits: number }>('elevenlabs-usage', 'all')?.credits ?? 0;
}

/** Charges a synthesis: ElevenLabs knows no idempotency key, so a repetition is paid again. */
export function charge(store: Store, credits: number): void {
  store.put('elevenlabs-usage', 'all', { credits: usedCredits(store) + credits });
}
