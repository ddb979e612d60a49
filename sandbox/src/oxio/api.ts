import { Hono } from 'hono';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Core } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { invalidParameters, notFound, OxioError, unauthenticated } from './errors.ts';
import { lineV2, lineV3 } from './line-views.ts';
import { createLine, getLine, getLineBySim, listLines } from './lines.ts';
import { createEndUser, createGroup, findEndUsers, getEndUser } from './people.ts';
import { OXIO_PLANS } from './plans.ts';
import { endUserInput, groupInput, lineInput, subscriptionInput } from './schemas.ts';
import { readSettings } from './settings.ts';
import { getSim } from './sims.ts';
import { createSubscription, listSubscriptions } from './subscriptions.ts';

const { oxioApiKey, oxioAuthToken } = SANDBOX_CREDENTIALS;
const AUTHORIZATION = `Basic ${Buffer.from(`${oxioApiKey}:${oxioAuthToken}`).toString('base64')}`;
// A wrong URL answers HTML, as clients of the real API reported.
const NOT_FOUND_PAGE = '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>';

/** Makes the API as OXIO's callers see it. Endpoints whose facts are marked [C] or unknown are assumed in their details. */
export function createOxioApi(core: Core): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof OxioError) return c.json(error.body, error.status);
    process.stderr.write(`sandbox: oxio ${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}\n`);
    return c.json({ error: 'Internal error', code: 13 }, 500);
  });
  app.notFound((c) => c.html(NOT_FOUND_PAGE, 404));
  app.use(async (c, next) => {
    const { latencyMs } = readSettings(core.store);
    if (latencyMs > 0) await core.faults.wait(latencyMs, c.req.raw.signal);
    await next();
    for (const [name, value] of Object.entries(edgeHeaders())) c.res.headers.set(name, value);
  });
  app.use(async (c, next) => {
    if (c.req.header('authorization') !== AUTHORIZATION) throw unauthenticated();
    await next();
  });
  addPeopleRoutes(app, core);
  addLineRoutes(app, core);
  addPlanRoutes(app, core);
  return app;
}

function addPeopleRoutes(app: Hono, core: Core): void {
  app.post('/v2/end-users', async (c) => c.json(createEndUser(core, await read(c, endUserInput))));
  app.get('/v2/end-users', (c) => c.json({ endUsers: findEndUsers(core, c.req.query('email')) }));
  app.post('/v2/groups', async (c) => c.json({ group: createGroup(core, await read(c, groupInput)) }));
}

function addLineRoutes(app: Hono, core: Core): void {
  app.post('/v3/lines/line', async (c) => {
    const input = await read(c, lineInput);
    return c.json(lineV3(createLine(core, input), core.clock.now()));
  });
  app.get('/v3/end-users/:endUserId/lines', (c) => {
    const endUserId = c.req.param('endUserId');
    if (!getEndUser(core, endUserId)) throw notFound('End user');
    return c.json({ lines: listLines(core, endUserId).map((line) => lineV3(line, core.clock.now())) });
  });
  app.get('/v2/lines', (c) => {
    const lines = (c.req.queries('iccids') ?? []).flatMap((iccid) => getLineBySim(core, iccid) ?? []);
    return c.json({ lines: lines.map((line) => lineV2(line, core.clock.now())) });
  });
  app.get('/v2/lines/:lineId', (c) => {
    const line = getLine(core, c.req.param('lineId'));
    if (!line) throw notFound('Line');
    return c.json(lineV2(line, core.clock.now()));
  });
  app.get('/v3/sims/:iccid', (c) => {
    const sim = getSim(core, c.req.param('iccid'));
    if (!sim) throw notFound('SIM');
    const { iccid, simType, status, countryCode } = sim;
    return c.json({ iccid, simType, status, countryCode });
  });
}

function addPlanRoutes(app: Hono, core: Core): void {
  // Assumed shape: the reply was never pasted, only that it lists the plans.
  app.get('/v2-internal/plans', (c) =>
    c.json({ plans: OXIO_PLANS.map(({ planId, displayName }) => ({ planId, displayName, status: 'PLAN_ACTIVE' })) }),
  );
  app.post('/v2/subscriptions', async (c) => {
    const input = await read(c, subscriptionInput);
    // Assumed: wrapped, as /v2/groups wraps its group.
    return c.json({ subscription: createSubscription(core, { lineId: input.lineId, planId: input.plan.planId }) });
  });
  app.get('/v2/sims/:iccid/user-plans', (c) => {
    const line = getLineBySim(core, c.req.param('iccid'));
    if (!line) throw notFound('SIM');
    const plans = listSubscriptions(core, line.lineId);
    return c.json({ userPlans: plans.map(({ plan }) => ({ planDisplayName: plan.displayName })) });
  });
}

async function read<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) throw invalidParameters();
  const body: unknown = await c.req.json().catch(() => undefined);
  const result = schema.safeParse(body);
  if (!result.success) throw invalidParameters();
  return result.data;
}

/** The headers of the CDN in front of the real API. */
function edgeHeaders(): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Credentials': 'true',
    Via: '1.1 varnish',
    'X-Served-By': 'cache-sandbox-LOCAL',
    'X-Cache': 'MISS',
    'X-Cache-Hits': '0',
    'X-Timer': `S${(Date.now() / 1000).toFixed(6)},VS0,VE1`,
    'Accept-Ranges': 'bytes',
  };
}
