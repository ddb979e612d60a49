import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { BadInput, NotThere, checkInput, readInput } from '../core/input.ts';
import { settleSession } from './checkout-payment.ts';
import { expireSession } from './checkout-sessions.ts';
import { closeDispute, openDispute } from './disputes.ts';
import { StripeFailure } from './errors.ts';
import { failRefund, settleRefund } from './refunds.ts';
import { renewSubscription, retryInvoice } from './subscription-cycle.ts';
import { idOf } from './tables.ts';
import type { Table, Tables } from './tables.ts';
import type { World } from './world.ts';

const LISTED = [
  'customers',
  'products',
  'prices',
  'coupons',
  'paymentMethods',
  'paymentIntents',
  'charges',
  'refunds',
  'disputes',
  'balanceTransactions',
  'sessions',
  'subscriptions',
  'invoices',
  'events',
] as const satisfies (keyof Tables)[];

const limitInput = z.coerce.number().int().min(1).max(5_000).default(100);

/** Makes what control can do to the stand-in, under `/control/stripe`; the README of this folder lists the routes. */
export function createStripeControl(world: World): Hono {
  const app = new Hono();
  app.post('/sessions/:id/settle', async (c) => {
    const { outcome } = await readInput(c, z.strictObject({ outcome: z.enum(['succeed', 'fail']) }));
    const session = found(world.tables.sessions, c.req.param('id'));
    const settled = guarded(() => world.run(() => settleSession(world, session.id, outcome)));
    if (!settled) throw new BadInput('id', `session ${session.id} has no bank debit under way`);
    return c.json(settled);
  });
  app.post('/sessions/:id/expire', (c) => {
    const session = found(world.tables.sessions, c.req.param('id'));
    return c.json(world.run(() => expireSession(world, session.id)) ?? session);
  });
  app.post('/customers/:id/card', async (c) => {
    const { fails } = await readInput(c, z.strictObject({ fails: z.boolean() }));
    const { id } = found(world.tables.customers, c.req.param('id'));
    return c.json(world.tables.customerSwitches.put({ id, cardFails: fails }));
  });
  addMoneyRoutes(app, world);
  addSubscriptionRoutes(app, world);
  app.post('/events', async (c) => {
    const input = await readInput(
      c,
      z.strictObject({
        type: z.string().min(1),
        object: z.record(z.string(), z.unknown()),
        previousAttributes: z.record(z.string(), z.unknown()).optional(),
        account: z.string().min(1).optional(),
        id: z.string().min(1).optional(),
      }),
    );
    const { type, object, previousAttributes, ...rest } = input;
    const options = { ...rest, ...(previousAttributes ? { previousAttributes } : {}) };
    return c.json(
      world.run(() => world.emitRaw(type, object, options)),
      201,
    );
  });
  app.get('/objects', (c) => c.json(Object.fromEntries(LISTED.map((name) => [name, world.tables[name].count()]))));
  app.get('/objects/:kind', (c) => listObjects(c, world));
  return app;
}

function addMoneyRoutes(app: Hono, world: World): void {
  app.post('/disputes', async (c) => {
    const input = await readInput(
      c,
      z.strictObject({
        charge: z.string().optional(),
        paymentIntent: z.string().optional(),
        reason: z.string().default('fraudulent'),
      }),
    );
    const intent =
      input.paymentIntent === undefined ? undefined : found(world.tables.paymentIntents, input.paymentIntent);
    const charge = found(world.tables.charges, input.charge ?? idOf(intent?.latest_charge) ?? '', 'charge');
    return c.json(
      guarded(() => world.run(() => openDispute(world, charge, input.reason))),
      201,
    );
  });
  app.post('/disputes/:id/close', async (c) => {
    const { outcome } = await readInput(c, z.strictObject({ outcome: z.enum(['won', 'lost']) }));
    const dispute = found(world.tables.disputes, c.req.param('id'));
    return c.json(guarded(() => world.run(() => closeDispute(world, dispute, outcome))));
  });
  app.post('/refunds/:id/settle', async (c) => {
    const { outcome } = await readInput(c, z.strictObject({ outcome: z.enum(['succeed', 'fail']) }));
    const refund = found(world.tables.refunds, c.req.param('id'));
    world.run(() => (outcome === 'fail' ? failRefund(world, refund) : settleRefund(world, refund.id)));
    return c.json(world.tables.refunds.require(refund.id));
  });
}

function addSubscriptionRoutes(app: Hono, world: World): void {
  app.post('/subscriptions/:id/renew', (c) => {
    const { id } = found(world.tables.subscriptions, c.req.param('id'));
    world.run(() => renewSubscription(world, id));
    return c.json(world.tables.subscriptions.require(id));
  });
  app.post('/invoices/:id/retry', (c) => {
    const { id } = found(world.tables.invoices, c.req.param('id'));
    world.run(() => retryInvoice(world, id));
    return c.json(world.tables.invoices.require(id));
  });
}

function listObjects(c: Context, world: World): Response {
  const kind = LISTED.find((name) => name === c.req.param('kind'));
  if (!kind) throw new NotThere(`no objects ${c.req.param('kind') ?? ''}: use ${LISTED.join(', ')}`);
  const limit = checkInput(c.req.query('limit'), limitInput);
  const data: object[] = world.tables[kind].list({}, { order: 'desc', limit });
  return c.json({ data });
}

function found<T extends { id: string }>(table: Table<T>, id: string, field = 'id'): T {
  const value = table.get(id);
  if (value) return value;
  if (field === 'id') throw new NotThere(`no ${table.label} ${id}`);
  throw new BadInput(field, `no ${table.label} '${id}'`);
}

/** Turns a refusal of the API's own rules into one of control. */
function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof StripeFailure) throw new BadInput(error.body.error.param ?? 'id', error.message);
    throw error;
  }
}
