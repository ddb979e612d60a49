import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { CodedError } from '../../src/shared/errors.ts';
import { serve, testDoor, type Served } from '../support/mcp-server.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const ping = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'ping' });
const settings = {
  appUrl: 'https://dotm.example',
  catalogUrl: 'https://dotm.example/api/catalog',
  allowedHosts: ['mcp.dotm.example'],
  allowedOrigins: ['https://inspector.example'],
  taxes: false,
  callsPerMinute: 1_000_000,
};

/** Sends a request in which every header is ours: fetch would not let a test choose its Host. */
function ask(
  { url }: Served,
  {
    method = 'POST',
    headers = {},
    body = ping,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const all = {
    host: 'dotm.example',
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  return new Promise((resolve, reject) => {
    const req = request(url, { method, headers: { ...all, ...headers } }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    req.on('error', reject);
    req.end(method === 'POST' ? body : undefined);
  });
}

async function withDoor<T>(
  work: (server: Served) => Promise<T>,
  changes: Parameters<typeof testDoor>[0] = {},
): Promise<T> {
  const server = await serve(testDoor({ settings, ...changes }));
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

describe('a price', () => {
  it('comes with what the setting says of tax', async () => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'calculate_pricing',
        arguments: { items: [{ productId: 'network_vpn', cycle: 'monthly' }], currency: 'USD' },
      },
    });
    const noted = (taxes: boolean): Promise<string> =>
      withDoor(
        async (server) => (await ask(server, { body, headers: { 'mcp-protocol-version': '2025-11-25' } })).body,
        {
          settings: { ...settings, taxes },
        },
      );
    expect(await noted(true)).toContain('"taxNote":"added_at_checkout"');
    expect(await noted(false)).toContain('"taxNote":"not_included"');
  });
});

describe('the door of the MCP server', () => {
  it.each([
    ['the web app’s host', { host: 'dotm.example' }, 200],
    ['a host that the settings name, with a port', { host: 'mcp.dotm.example:443' }, 200],
    [
      'its own name at Google, behind the CDN',
      { host: 'mcp-abc-uc.a.run.app', 'x-forwarded-host': 'dotm.example' },
      200,
    ],
    ['another host', { host: 'evil.example' }, 403],
    ['a host that only looks like Google’s', { host: 'a.run.app.evil.example' }, 403],
    ['another host behind the CDN', { host: 'mcp-abc-uc.a.run.app', 'x-forwarded-host': 'evil.example' }, 403],
    ['this machine, in production', { host: 'localhost:5000' }, 403],
    ['the web app as origin', { origin: 'https://dotm.example' }, 200],
    ['an origin that the settings name', { origin: 'https://inspector.example' }, 200],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the web app’s origin without encryption', { origin: 'http://dotm.example' }, 403],
    ['no origin that can be told', { origin: 'null' }, 403],
  ])('answers %s with %o as it should', async (_what, headers, status) => {
    expect((await withDoor((server) => ask(server, { headers }))).status).toBe(status);
  });

  it('takes no form and no plain text, which a page could send without being asked', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      expect((await withDoor((server) => ask(server, { headers: { 'content-type': type } }))).status).toBe(415);
    }
  });

  it('refuses what is larger than 64 kB, and takes what is just as large', async () => {
    const padded = (bytes: number): string => ping.replace('{', `{${' '.repeat(bytes - ping.length)}`);
    await withDoor(async (server) => {
      expect((await ask(server, { body: padded(64 * 1024) })).status).toBe(200);
      expect((await ask(server, { body: padded(64 * 1024 + 1) })).status).toBe(413);
    });
  });

  it('answers other methods with 405 and what is allowed', async () => {
    await withDoor(async (server) => {
      for (const method of ['GET', 'DELETE', 'PUT']) {
        const answer = await ask(server, { method });
        expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'POST, OPTIONS']);
      }
    });
  });

  it('tells a browser of an allowed origin that it may call, and no other', async () => {
    await withDoor(async (server) => {
      const asked = (origin: string) => ask(server, { method: 'OPTIONS', headers: { origin }, body: '' });
      const allowed = await asked('https://inspector.example');
      expect(allowed).toMatchObject({
        status: 204,
        headers: { 'access-control-allow-origin': 'https://inspector.example' },
      });
      expect((await asked('https://evil.example')).headers).not.toHaveProperty('access-control-allow-origin');
    });
  });

  it('refuses a batch, which would get past the limit of calls', async () => {
    const answer = await withDoor((server) => ask(server, { body: `[${ping},${ping}]` }));
    expect(answer.status).toBe(400);
  });

  it('says that nothing can be subscribed to, and keeps no stream open', async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'subscriptions/listen', params: {} });
    const answer = await withDoor((server) => ask(server, { body }));
    expect(JSON.parse(answer.body)).toMatchObject({ id: 3, error: { code: -32601 } });
  });

  it.each(['', '{', 'null', '7', '"text"', '[]', '{}'])(
    'answers the body %s with an error and not with a crash',
    async (body) => {
      const { status } = await withDoor((server) => ask(server, { body }));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );

  it('answers one client too many calls with 429 and when to come again, and others as before', async () => {
    let now = Date.parse('2026-11-23T10:00:00Z');
    const limited = { settings: { ...settings, callsPerMinute: 3 }, now: () => new Date(now) };
    await withDoor(async (server) => {
      const from = (client: string) =>
        ask(server, { headers: { 'fastly-client-ip': client, 'x-forwarded-for': `${client}, 151.101.1.1` } });
      for (let call = 0; call < 3; call += 1) expect((await from('203.0.113.1')).status).toBe(200);
      const refused = await from('203.0.113.1');
      expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '20' } });
      expect((await from('203.0.113.2')).status).toBe(200);
      now += 20_000;
      expect((await from('203.0.113.1')).status).toBe(200);
    }, limited);
  });

  it('is not fooled by a client that makes up a new address for each call', async () => {
    const limited = { settings: { ...settings, callsPerMinute: 3 }, now: () => new Date(0) };
    await withDoor(async (server) => {
      let served = 0;
      for (let call = 0; call < 100; call += 1) {
        const headers = {
          'fastly-client-ip': `198.51.100.${String(call)}`,
          'x-forwarded-for': `1.2.3.${String(call)}, 203.0.113.9`,
        };
        if ((await ask(server, { headers })).status === 200) served += 1;
      }
      expect(served).toBe(60);
    }, limited);
  });
});

describe('when something is wrong here', () => {
  const call = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'list_network_features', arguments: {} },
  });
  const down = { current: () => Promise.reject(new CodedError('vendor.unavailable', 'the catalogue cannot be read')) };

  it('an assistant is told to come back while the catalogue cannot be read', async () => {
    const answer = await withDoor((server) => ask(server, { body: call }), { catalog: down });
    expect(JSON.parse(answer.body)).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('in a minute') as string }] },
    });
  });

  it('an error of ours is logged without what was asked, and tells a caller nothing about it', async () => {
    const lines: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    const broken = { current: () => Promise.reject(new Error('secret of ours')) };
    const answer = await withDoor((server) => ask(server, { body: call }), { catalog: broken });
    spy.mockRestore();
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32603, message: 'Internal error' } });
    expect(answer.body).not.toContain('secret of ours');
    expect(lines.join('')).toContain('public call failed');
    expect(lines.join('')).not.toContain('secret of ours');
  });
});
