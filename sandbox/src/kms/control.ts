import { Hono } from 'hono';
import { NotThere, readInput } from '../core/input.ts';
import type { Core } from '../core/vendor.ts';
import { addKey, getKey, keyChange, newKey, publicPem, saveKey } from './keys.ts';
import type { KmsKey } from './keys.ts';
import { changeKmsSettings, kmsSettings, readKmsSettings } from './settings.ts';
import type { KmsSettings } from './settings.ts';

/** Makes `/control/kms`: settings, new key versions, and switching one off and on. */
export function createKmsControl(core: Core): Hono {
  const app = new Hono();
  app.get('/settings', (c) => c.json(readKmsSettings(core.store)));
  app.post('/settings', async (c) => {
    const change = await readInput(c, kmsSettings.partial());
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    return c.json(changeKmsSettings(core.store, Object.fromEntries(given) as Partial<KmsSettings>));
  });
  app.post('/keys', async (c) => c.json(view(addKey(core.store, await readInput(c, newKey))), 201));
  app.post('/keys/state', async (c) => {
    const { name, state } = await readInput(c, keyChange);
    const key = getKey(core.store, name);
    if (!key) throw new NotThere(`no key version ${name}`);
    const changed = { ...key, state };
    saveKey(core.store, changed);
    return c.json(view(changed));
  });
  return app;
}

/** A key without its private half: the console shows what control answers. */
function view(key: KmsKey): object {
  return { name: key.name, state: key.state, algorithm: key.algorithm, pem: publicPem(key) };
}
