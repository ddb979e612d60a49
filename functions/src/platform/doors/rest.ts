import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CodedError } from '../../shared/errors.ts';
import type { Operation } from '../../shared/operation.ts';
import type { Services } from '../container.ts';
import { invoke } from '../operations.ts';
import { traceIdFromHeaders, withTrace } from '../trace.ts';
import { toFailure } from './failure.ts';

/** Far above the largest input that makes sense, far below what could hurt. */
const maxBodyBytes = 64 * 1024;

/** An answer is data for programs: a browser that is led to one must neither run, frame nor guess anything. */
const answerHeaders: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
  referrerPolicy: 'no-referrer',
  xFrameOptions: 'DENY',
};

/** Builds the REST door: one route for each operation, and the document that describes them. */
export function restApp(
  services: () => Services,
  operations: readonly Operation[],
  handlers: Record<string, () => Promise<unknown>>,
): Hono {
  const app = new Hono().basePath('/api');
  app.use(secureHeaders(answerHeaders));
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (c) =>
        answerError(c, 'rest', new CodedError('request.too_large', `the body is larger than ${maxBodyBytes} bytes`)),
    }),
  );
  app.get('/openapi.json', async (c) => {
    const { openapiDocument } = await import('./openapi.ts');
    return c.json(openapiDocument(operations), 200, { 'Cache-Control': 'public, max-age=300' });
  });
  // The first route that fits is taken: `/rewards/movements` must not be read as the reward "movements".
  for (const operation of operations.toSorted((a, b) => variablesIn(a.path) - variablesIn(b.path))) {
    const load = handlers[operation.name];
    if (!load) throw new Error(`no handler serves ${operation.name}`);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    // Whoever holds an answer for everybody asks only whether it has changed: CDNs, and the public functions.
    if (isForEverybody(operation)) app.get(path, etag());
    app.on(operation.method, path, (c) => {
      const traceId = traceIdFromHeaders((name) => c.req.header(name));
      return withTrace(traceId, () => serve(c, services(), operation, load));
    });
  }
  app.notFound((c) => answerError(c, 'rest', new CodedError('not_found', 'no such route')));
  app.onError((error, c) => answerError(c, 'rest', error));
  return app;
}

function variablesIn(path: string): number {
  return path.split('{').length - 1;
}

function isForEverybody({ access, method }: Operation): boolean {
  return access === 'public' && method === 'GET';
}

async function serve(
  c: Context,
  services: Services,
  operation: Operation,
  load: () => Promise<unknown>,
): Promise<Response> {
  try {
    const output = await invoke(services, operation, load, {
      input: await readInput(c, operation),
      bearerToken: /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1],
      appCheckToken: c.req.header('x-firebase-appcheck'),
      idempotencyKey: c.req.header('idempotency-key'),
      clientAddress: (c.req.header('x-forwarded-for') ?? '').split(',')[0]?.trim() ?? '',
    });
    const caching = isForEverybody(operation) ? 'public, max-age=60' : 'private, no-store';
    return c.json(output as object, operation.pending?.(output) === true ? 202 : 200, { 'Cache-Control': caching });
  } catch (error) {
    return answerError(c, operation.name, error);
  }
}

async function readInput(c: Context, operation: Operation): Promise<unknown> {
  const params = c.req.param();
  if (operation.method === 'GET') return { ...c.req.query(), ...params };
  const text = await c.req.text();
  if (text === '') return params;
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new CodedError('request.unsupported_type', 'the body must be application/json');
  }
  const body = parseJson(text);
  const clash = Object.keys(params).find((name) => Object.hasOwn(body, name));
  if (clash !== undefined) {
    throw new CodedError('request.invalid', `${clash} belongs in the path`, {
      fields: [{ field: clash, problem: 'belongs in the path' }],
    });
  }
  return { ...body, ...params };
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Falls through: both kinds of bad body get the same answer.
  }
  throw new CodedError('request.invalid', 'the body must be a JSON object', {
    fields: [{ field: '(body)', problem: 'must be a JSON object' }],
  });
}

function answerError(c: Context, operation: string, error: unknown): Response {
  const { status, body } = toFailure(operation, error);
  const headers: Record<string, string> = { 'Cache-Control': 'private, no-store' };
  const { retryAfterSeconds } = body.error;
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  return c.json(body, status as ContentfulStatusCode, headers);
}
