import { Hono } from 'hono';
import { z } from 'zod';
import { checkInput, BadInput, NotThere, readInput } from '../core/input.ts';
import { faultInput } from '../core/faults.ts';
import type { Core, Vendor } from '../core/vendor.ts';
import { WEBHOOK_MODES } from '../core/webhooks.ts';
import type { WebhookSender } from '../core/webhooks.ts';
import { getMail, listMail } from '../mail/inbox.ts';
import { resetSandbox, sandboxState } from './state.ts';

const clockInput = z
  .strictObject({ advanceSeconds: z.number().optional(), set: z.iso.datetime({ offset: true }).optional() })
  .refine((input) => (input.advanceSeconds === undefined) !== (input.set === undefined), {
    path: ['advanceSeconds'],
    message: 'give either advanceSeconds or set',
  });
const limitInput = z.coerce.number().int().min(1).max(5_000).default(100);

/**
 * Makes the control API (everything under /control): tests and the console's forms steer the sandbox with it. Bad input gets
 * 400 `{error: {field, message}}`, what is not there 404.
 */
export function createControlApp(core: Core, vendors: Vendor[]): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof BadInput) return c.json({ error: { field: error.field, message: error.message } }, 400);
    if (error instanceof NotThere) return c.json({ error: { message: error.message } }, 404);
    process.stderr.write(`sandbox: control ${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}\n`);
    return c.json({ error: { message: error.message } }, 500);
  });
  app.get('/state', (c) => c.json(sandboxState(core, vendors)));
  app.post('/reset', (c) => {
    resetSandbox(core, vendors);
    return c.json({ reset: true });
  });
  addFaultRoutes(app, core, vendors);
  addWebhookRoutes(app, core);
  addClockRoutes(app, core);
  addJournalRoutes(app, core);
  for (const vendor of vendors) if (vendor.control) app.route(`/${vendor.name}`, vendor.control);
  app.notFound((c) => c.json({ error: { message: `no control route ${c.req.method} ${c.req.path}` } }, 404));
  return app;
}

function addFaultRoutes(app: Hono, core: Core, vendors: Vendor[]): void {
  const names: string[] = [...vendors.map((vendor) => vendor.name), 'smtp'];
  app.post('/faults', async (c) => {
    const input = await readInput(c, faultInput);
    if (!names.includes(input.vendor)) {
      throw new BadInput('vendor', `no vendor ${input.vendor}: use ${names.join(', ')}`);
    }
    return c.json(core.faults.add(input), 201);
  });
  app.get('/faults', (c) => c.json({ faults: core.faults.list(c.req.query('vendor')) }));
  app.delete('/faults', (c) => {
    const vendor = c.req.query('vendor');
    core.faults.remove(vendor ? { vendor } : {});
    return c.json({ faults: core.faults.list() });
  });
  app.delete('/faults/:id', (c) => {
    core.faults.remove({ id: c.req.param('id') });
    return c.json({ faults: core.faults.list() });
  });
}

function addWebhookRoutes(app: Hono, core: Core): void {
  const senderOf = (vendor: string): WebhookSender => {
    const sender = core.webhooks.get(vendor);
    if (!sender) throw new NotThere(`vendor ${vendor} sends no webhooks`);
    return sender;
  };
  app.get('/webhooks', (c) => {
    const vendor = c.req.query('vendor');
    const limit = checkInput(c.req.query('limit'), limitInput);
    const senders = core.webhooks.all().filter((sender) => !vendor || sender.vendor === vendor);
    return c.json({
      senders: senders.map((sender) => ({ vendor: sender.vendor, mode: sender.mode, url: sender.url })),
      webhooks: senders.flatMap((sender) => sender.list({}, { order: 'desc', limit })),
    });
  });
  app.post('/webhooks/:vendor/mode', async (c) => {
    const sender = senderOf(c.req.param('vendor'));
    sender.setMode((await readInput(c, z.strictObject({ mode: z.enum(WEBHOOK_MODES) }))).mode);
    return c.json({ vendor: sender.vendor, mode: sender.mode });
  });
  app.post('/webhooks/:vendor/release', async (c) => {
    return c.json({ released: await senderOf(c.req.param('vendor')).release() });
  });
  app.post('/webhooks/:vendor/target', async (c) => {
    const sender = senderOf(c.req.param('vendor'));
    sender.setTarget((await readInput(c, z.strictObject({ url: z.url({ protocol: /^https?$/ }) }))).url);
    return c.json({ vendor: sender.vendor, url: sender.url });
  });
  app.post('/webhooks/:id/resend', async (c) => {
    const id = c.req.param('id');
    const sender = core.webhooks.all().find((candidate) => candidate.get(id));
    if (!sender) throw new NotThere(`no webhook delivery ${id}`);
    return c.json(await sender.resend(id));
  });
}

function addClockRoutes(app: Hono, core: Core): void {
  const reading = () => ({ now: core.clock.now().toISOString(), offsetSeconds: core.clock.offsetMs / 1000 });
  app.get('/clock', (c) => c.json(reading()));
  app.post('/clock', async (c) => {
    const input = await readInput(c, clockInput);
    if (input.set !== undefined) await core.clock.set(new Date(input.set));
    else await core.clock.advance(input.advanceSeconds ?? 0);
    return c.json(reading());
  });
}

function addJournalRoutes(app: Hono, core: Core): void {
  app.get('/calls', (c) => {
    const limit = checkInput(c.req.query('limit'), limitInput);
    return c.json({ calls: core.calls.list({ vendor: c.req.query('vendor'), limit }) });
  });
  app.get('/mail', (c) => {
    const limit = checkInput(c.req.query('limit'), limitInput);
    return c.json({ mail: listMail(core.store, { to: c.req.query('to'), limit }) });
  });
  app.get('/mail/:id', (c) => {
    const mail = getMail(core.store, c.req.param('id'));
    if (!mail) throw new NotThere(`no mail ${c.req.param('id')}`);
    return c.json(mail);
  });
}
