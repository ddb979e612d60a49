import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from './http.ts';
import type { HttpCall } from './http.ts';

type Handler = (req: IncomingMessage, res: ServerResponse, body: string) => void;

let server: Server;
let baseUrl: string;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let handlers: Handler[];

beforeEach(async () => {
  seen = [];
  handlers = [];
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
      // The last handler answers every call that comes after it.
      (handlers.length > 1 ? handlers.shift() : handlers[0])?.(req, res, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const get: HttpCall = { method: 'GET', route: '/v1/things/{id}', params: { id: 'secret-id' } };
const post: HttpCall = { method: 'POST', route: '/v1/things', body: { email: 'ada@example.com' } };

function client(timeoutMs = 5_000) {
  const headers = { authorization: 'Basic c2VjcmV0' };
  return createHttpClient({ vendor: 'Vendor', baseUrl: `${baseUrl}/`, headers, timeoutMs });
}

const answer =
  (status: number, text: string, headers: Record<string, string> = {}): Handler =>
  (_, res) =>
    res.writeHead(status, headers).end(text);
const hang: Handler = () => undefined;
const cut: Handler = (req) => req.socket.destroy();

describe('what is sent', () => {
  it('puts variables and query into the path percent-encoded, and the body in JSON', async () => {
    handlers = [answer(200, '{}')];
    await client()({ method: 'GET', route: '/a/{b}/c', params: { b: 'x/y F' }, query: { email: 'a+b@c.d' } });
    await client()(post);
    expect(seen[0]?.url).toBe('/a/x%2Fy%20F/c?email=a%2Bb%40c.d');
    expect(seen[0]?.headers).toMatchObject({ accept: 'application/json', authorization: 'Basic c2VjcmV0' });
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
    expect(seen[1]).toMatchObject({ method: 'POST', body: '{"email":"ada@example.com"}' });
    expect(seen[1]?.headers['content-type']).toBe('application/json');
  });

  it('refuses a path whose variable is missing instead of calling a shorter one', async () => {
    handlers = [answer(200, '{}')];
    await expect(client()({ ...get, params: { id: '' } })).rejects.toThrow('/v1/things/{id} needs id');
    expect(seen).toHaveLength(0);
  });
});

describe('what comes back', () => {
  it.each([
    ['JSON', 200, '{"a":1}', { ok: true, empty: false, json: { a: 1 } }],
    ['an error in JSON', 400, '{"error":"no"}', { ok: false, empty: false, json: { error: 'no' } }],
    ['HTML', 404, '<html>no</html>', { ok: false, empty: false, json: undefined }],
    ['an empty body', 200, ' \n', { ok: true, empty: true, json: undefined }],
    ['broken JSON', 200, '{"a":', { ok: true, empty: false, json: undefined }],
  ])('gives the caller %s to judge', async (_, status, text, expected) => {
    handlers = [answer(status, text)];
    expect(await client()(post)).toEqual({ status, ...expected });
  });

  it('follows no redirect, so that credentials stay with the vendor', async () => {
    handlers = [answer(302, '', { location: `${baseUrl}/elsewhere` })];
    expect(await client()(post)).toMatchObject({ status: 302, ok: false });
    expect(seen).toHaveLength(1);
  });
});

describe('repeating', () => {
  it('repeats a GET twice on 429 and 5xx', async () => {
    handlers = [answer(429, ''), answer(503, '<html>busy</html>'), answer(200, '{"a":1}')];
    expect(await client()(get)).toMatchObject({ status: 200, json: { a: 1 } });
    expect(seen).toHaveLength(3);
  });

  it('repeats a GET whose connection was cut', async () => {
    handlers = [cut, answer(200, '{}')];
    expect(await client()(get)).toMatchObject({ status: 200 });
  });

  it('gives up a GET after the third failure and returns its answer', async () => {
    handlers = [answer(500, '{"error":"x"}')];
    expect(await client()(get)).toMatchObject({ status: 500, json: { error: 'x' } });
    expect(seen).toHaveLength(3);
  });

  it('does not repeat a GET that was refused', async () => {
    handlers = [answer(404, '{}')];
    await client()(get);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['answered 500', answer(500, '')],
    ['answered 429', answer(429, '')],
  ])('never repeats a POST that was %s', async (_, handler) => {
    handlers = [handler, answer(200, '{}')];
    expect((await client()(post)).status).toBeGreaterThanOrEqual(429);
    expect(seen).toHaveLength(1);
  });

  it('never repeats a POST whose connection was cut', async () => {
    handlers = [cut, answer(200, '{}')];
    await expect(client()(post)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(seen).toHaveLength(1);
  });
});

describe('no answer', () => {
  it('ends a call that hangs at its time limit, repeats included', async () => {
    handlers = [hang];
    const startedAt = performance.now();
    const failure = await client(200)(get).catch((error: unknown) => error);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(failure).toMatchObject({
      code: 'vendor.unavailable',
      retry: true,
      message: 'Vendor GET /v1/things/{id}: no answer within 200 ms',
    });
    expect(seen).toHaveLength(1);
  });

  it('ends a body that never ends at the time limit', async () => {
    handlers = [(_, res) => res.writeHead(200).write('{"a":')];
    await expect(client(200)(post)).rejects.toThrow('no answer within 200 ms');
  });

  it('warns that a POST without an answer may have worked', async () => {
    handlers = [hang];
    await expect(client(200)(post)).rejects.toThrow(
      'Vendor POST /v1/things: no answer within 200 ms; the work may have been done, look before repeating',
    );
  });

  it('shows no variable, query, body or credential in the error', async () => {
    handlers = [cut];
    const query = { email: 'ada@example.com' };
    const failures = [
      await client()({ ...get, query }).catch((error: unknown) => error),
      await client()(post).catch((error: unknown) => error),
    ];
    expect(inspect(failures, { depth: 10 })).not.toMatch(/secret-id|ada|c2VjcmV0/);
  });
});
