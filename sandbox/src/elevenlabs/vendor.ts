import { Hono } from 'hono';
import { readInput } from '../core/input.ts';
import type { Core, Vendor } from '../core/vendor.ts';
import { createElevenLabsApi } from './api.ts';
import { changeSettings, elevenLabsSettings, readSettings, usedCredits, type ElevenLabsSettings } from './settings.ts';

/** Builds the stand-in for ElevenLabs: it says what it is given, counts characters as the real one does, and keeps to its limits. */
export function createElevenLabsVendor(core: Core): Vendor {
  const control = new Hono();
  control.get('/settings', (c) => c.json(readSettings(core.store)));
  control.post('/settings', async (c) => {
    const change = await readInput(c, elevenLabsSettings.partial());
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    return c.json(changeSettings(core.store, Object.fromEntries(given) as Partial<ElevenLabsSettings>));
  });
  control.get('/usage', (c) => c.json({ credits: usedCredits(core.store) }));
  return {
    name: 'elevenlabs',
    title: 'ElevenLabs (voices)',
    app: createElevenLabsApi(core),
    control,
    facts: () => [{ label: 'Credits used', value: Math.ceil(usedCredits(core.store)) }],
  };
}
