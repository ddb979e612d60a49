import type { Context } from 'hono';
import { Hono } from 'hono';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { StripeFailure } from './errors.ts';
import { expandPaths } from './expand.ts';
import { parseForm } from './form.ts';
import type { FormRecord } from './form.ts';
import { parseParams } from './params.ts';
import type { World } from './world.ts';
import { API_VERSION, SECRET_KEY } from './world.ts';

/** One endpoint of the API. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  answer: (world: World, raw: FormRecord, id: string, started: () => void) => object;
}

/**
 * Declares an endpoint: parameters by schema (strict: unknown ones are refused), then a synchronous handler that answers an
 * object. `id` is the path's id, or ''.
 */
export function endpoint<Schema extends z.ZodType>(
  method: Endpoint['method'],
  path: string,
  schema: Schema,
  handle: (world: World, input: z.output<Schema>, id: string) => object,
): Endpoint {
  return {
    method,
    path,
    answer: (world, raw, id, started) => {
      const input = parseParams(schema, raw);
      started();
      return expandPaths(world.tables, handle(world, input, id), expandOf(input));
    },
  };
}

function expandOf(input: unknown): string[] | undefined {
  const expand: unknown = typeof input === 'object' && input !== null && 'expand' in input ? input.expand : undefined;
  return Array.isArray(expand) ? expand.map(String) : undefined;
}

interface Answer {
  status: number;
  body: object;
  replayed: boolean;
}

/** Keys are kept a day, as the real API does at least. */
const KEY_LIFE_SECONDS = 24 * 3600;

/** Makes the app that serves `/v1/…`: key check, parameters, Idempotency-Key, errors, Request-Id. */
export function createApi(world: World, endpoints: Endpoint[]): Hono {
  const app = new Hono();
  for (const item of endpoints) app.on(item.method, item.path, (c) => serve(c, world, item));
  app.all('*', (c) => {
    const requestId = randomId('req', 14);
    const refused = authFailure(c) ?? unknownUrl(c);
    return respond(c, { status: refused.status, body: refused.body, replayed: false }, requestId);
  });
  return app;
}

async function serve(c: Context, world: World, item: Endpoint): Promise<Response> {
  const requestId = randomId('req', 14);
  const refused = authFailure(c);
  if (refused) return respond(c, { status: refused.status, body: refused.body, replayed: false }, requestId);
  const body = item.method === 'GET' ? '' : await c.req.text();
  const raw = { ...parseForm(new URL(c.req.url).search.slice(1)), ...parseForm(body) };
  const key = item.method === 'POST' ? c.req.header('idempotency-key') : undefined;
  return respond(
    c,
    answerOnce(world, item, raw, { path: c.req.path, id: c.req.param('id') ?? '', key, requestId }),
    requestId,
  );
}

interface Call {
  path: string;
  id: string;
  key: string | undefined;
  requestId: string;
}

/** Answers a call; with a key that was seen before it replays the first answer, or refuses when the parameters differ. */
function answerOnce(world: World, item: Endpoint, raw: FormRecord, call: Call): Answer {
  if (call.key === undefined) return attempt(world, item, raw, call).answer;
  const fingerprint = createHash('sha256').update(JSON.stringify(raw)).digest('hex');
  const seen = world.tables.idempotency.get(call.key);
  if (seen && seen.at > world.now() - KEY_LIFE_SECONDS) {
    if (seen.endpoint !== call.path) return refusal(otherEndpoint(call.key, seen.endpoint));
    if (seen.fingerprint !== fingerprint) return refusal(otherParameters(call.key));
    return { status: seen.status, body: seen.body, replayed: true };
  }
  const { answer, started } = attempt(world, item, raw, call);
  // The real API keeps no answer for a call that failed its parameter check: the caller may repair it and use the key again.
  if (started) {
    const { status, body } = answer;
    world.tables.idempotency.put({ id: call.key, fingerprint, endpoint: call.path, status, body, at: world.now() });
  }
  return answer;
}

function attempt(world: World, item: Endpoint, raw: FormRecord, call: Call): { answer: Answer; started: boolean } {
  let started = false;
  const request = { id: call.requestId, idempotency_key: call.key ?? null };
  try {
    const body = world.run(() => item.answer(world, raw, call.id, () => (started = true)), { request });
    return { answer: { status: 200, body, replayed: false }, started };
  } catch (error) {
    if (error instanceof StripeFailure) return { answer: refusal(error), started };
    throw error;
  }
}

function refusal(failure: StripeFailure): Answer {
  return { status: failure.status, body: failure.body, replayed: false };
}

function respond(c: Context, answer: Answer, requestId: string): Response {
  c.header('Request-Id', requestId);
  c.header('Stripe-Version', API_VERSION);
  const key = c.req.header('idempotency-key');
  if (key) c.header('Idempotency-Key', key);
  if (answer.replayed) c.header('Idempotent-Replayed', 'true');
  return c.newResponse(JSON.stringify(answer.body, null, 2), answer.status as 200, {
    'content-type': 'application/json',
  });
}

function authFailure(c: Context): StripeFailure | undefined {
  const key = keyOf(c.req.header('authorization') ?? '');
  if (key === SECRET_KEY) return undefined;
  const message = key
    ? `Invalid API Key provided: ${key.slice(0, 7)}***. The sandbox takes ${SECRET_KEY} only.`
    : "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
  return new StripeFailure(401, { type: 'invalid_request_error', message });
}

function keyOf(header: string): string {
  const [scheme, value = ''] = header.split(' ');
  if (/^bearer$/i.test(scheme ?? '')) return value;
  // With Basic auth the key is the user name and there is no password.
  if (/^basic$/i.test(scheme ?? '')) return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '';
  return '';
}

function unknownUrl(c: Context): StripeFailure {
  return new StripeFailure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${c.req.method}: ${c.req.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });
}

function otherParameters(key: string): StripeFailure {
  return new StripeFailure(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function otherEndpoint(key: string, endpointPath: string): StripeFailure {
  return new StripeFailure(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${endpointPath}'). Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}
