import { Hono } from 'hono';
import { z } from 'zod';
import { NotThere, readInput } from '../core/input.ts';
import type { Core } from '../core/vendor.ts';
import { lineV3 } from './line-views.ts';
import { getLine, listLines, saveLine } from './lines.ts';
import type { EndUser, Group } from './people.ts';
import { changeSettings, oxioSettings, readSettings } from './settings.ts';
import type { OxioSettings } from './settings.ts';
import type { Sim } from './sims.ts';
import { listSubscriptions } from './subscriptions.ts';

const lineChange = z.strictObject({
  status: z.string().min(1).nullable().optional(),
  phoneNumber: z
    .string()
    .regex(/^\+1[2-9]\d{9}$/)
    .optional(),
  numberReady: z.boolean().optional(),
  activationCodeReady: z.boolean().optional(),
});

// Far enough that no test's clock reaches it, near enough to be a valid date.
const NEVER = '9999-12-31T23:59:59.000Z';

/** Makes `/control/oxio`: settings, what exists, and changes to one line (`status: null` gives it back to time). */
export function createOxioControl(core: Core): Hono {
  const app = new Hono();
  app.get('/settings', (c) => c.json(readSettings(core.store)));
  app.post('/settings', async (c) => {
    const change = await readInput(c, oxioSettings.partial());
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    return c.json(changeSettings(core.store, Object.fromEntries(given) as Partial<OxioSettings>));
  });
  app.get('/lines', (c) => {
    const lines = listLines(core, c.req.query('endUserId'));
    const now = core.clock.now();
    return c.json({
      lines: lines.map((line) => ({ ...lineV3(line, now), subscriptions: listSubscriptions(core, line.lineId) })),
    });
  });
  app.post('/lines/:lineId', async (c) => {
    const line = getLine(core, c.req.param('lineId'));
    if (!line) throw new NotThere(`no line ${c.req.param('lineId')}`);
    const change = await readInput(c, lineChange);
    const now = core.clock.now();
    const dueAt = (ready: boolean | undefined, current: string) =>
      ready === undefined ? current : ready ? now.toISOString() : NEVER;
    const changed = {
      ...line,
      ...(change.status !== undefined ? { forcedStatus: change.status, forcedAt: now.toISOString() } : {}),
      phoneNumber: change.phoneNumber ?? line.phoneNumber,
      numberDueAt: dueAt(change.numberReady, line.numberDueAt),
      activationCodeDueAt: dueAt(change.activationCodeReady, line.activationCodeDueAt),
    };
    saveLine(core, changed);
    return c.json(lineV3(changed, now));
  });
  app.get('/end-users', (c) => c.json({ endUsers: core.store.list<EndUser>('oxio-end-user') }));
  app.get('/groups', (c) => c.json({ groups: core.store.list<Group>('oxio-group') }));
  app.get('/subscriptions', (c) => c.json({ subscriptions: listSubscriptions(core, c.req.query('lineId')) }));
  app.get('/sims', (c) => c.json({ sims: core.store.list<Sim>('oxio-sim') }));
  return app;
}
