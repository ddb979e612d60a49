import { z } from 'zod';
import type { Store } from '../core/store.ts';

const refusal = z.strictObject({
  status: z.number().int().min(400).max(599).default(400),
  code: z.number().int().default(3),
  error: z.string().min(1).default('Invalid parameters'),
});

/**
 * How the stand-in behaves until told otherwise. Delays are seconds of the sandbox's clock, counted from a line's creation, and hold
 * for lines made after the change. `refuseLines` and `refuseSubscriptions` answer every such call with that error, for good.
 */
export const oxioSettings = z.strictObject({
  numberDelaySeconds: z.number().min(0),
  activationDelaySeconds: z.number().min(0),
  activationCodeDelaySeconds: z.number().min(0),
  latencyMs: z.number().int().min(0).max(60_000),
  stockEmpty: z.boolean(),
  refuseLines: refusal.nullable(),
  refuseSubscriptions: refusal.nullable(),
});

/** The settings in force. */
export type OxioSettings = z.output<typeof oxioSettings>;

/** A change of some of the settings. */
export type OxioSettingsChange = Partial<z.input<typeof oxioSettings>>;

// A real line's modifiedTs moved 4–7 s after its createdTs; the activation code was there from the start.
const DEFAULTS: OxioSettings = {
  numberDelaySeconds: 6,
  activationDelaySeconds: 6,
  activationCodeDelaySeconds: 0,
  latencyMs: 0,
  stockEmpty: false,
  refuseLines: null,
  refuseSubscriptions: null,
};

/** Reads the settings. */
export function readSettings(store: Store): OxioSettings {
  return { ...DEFAULTS, ...store.get<OxioSettings>('oxio-settings', 'all') };
}

/** Changes the settings that `change` names. */
export function changeSettings(store: Store, change: Partial<OxioSettings>): OxioSettings {
  const settings = { ...readSettings(store), ...change };
  store.put('oxio-settings', 'all', settings);
  return settings;
}
