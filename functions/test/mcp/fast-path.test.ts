import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fastPath } from '../../src/public/mcp/fast-path.ts';
import type { Answering } from '../../src/public/declare.ts';
import { pricingCatalogOf } from '../../src/domain/pricing/from-view.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { tools } from '../../src/public/mcp/tools/index.ts';
import { publishedCatalog, testDoor, testQuoteKeys } from '../support/mcp-server.ts';

// Plain calls are answered without the SDK's server and transport. What they answer must be what the SDK would have answered, for every
// request that anybody can make up, or the protocol's conformance suite would have proved something about another program.

const now = () => new Date('2026-11-23T10:00:00Z');
const quick = testDoor({ now });
const slow = testDoor({ now, withoutFastPath: true });

interface Sent {
  headers: Record<string, string>;
  body: unknown;
}

async function answer(
  door: Answering,
  { headers, body }: Sent,
): Promise<{ status: number; type: unknown; body: unknown }> {
  const set: Record<string, unknown> = {};
  return new Promise((resolve) => {
    const res = {
      statusCode: 0,
      setHeader: (name: string, value: unknown) => (set[name.toLowerCase()] = value),
      end(text: string) {
        resolve({
          status: this.statusCode,
          type: set['content-type'],
          body: text === '' ? '' : (JSON.parse(text) as unknown),
        });
      },
    };
    const req = {
      method: 'POST',
      headers: { host: '127.0.0.1', 'content-type': 'application/json', ...headers },
      body,
      rawBody: Buffer.from('x'),
      socket: {},
    };
    void door(req as unknown as IncomingMessage, res as unknown as ServerResponse);
  });
}

const calls = tools.map(({ listed, example }) => ({ name: listed.name, arguments: example }));
const params = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...calls) },
  fc.constantFrom<unknown>(
    undefined,
    {},
    { name: 'nothing', arguments: {} },
    { name: 'get_service' },
    { name: 'get_service', arguments: {} },
    { name: 'get_service', arguments: null },
    { name: 'get_service', arguments: [] },
    { name: 'get_service', arguments: 'x' },
    { name: 7, arguments: {} },
    { name: 'check_device', arguments: { device: 'iPhone 15' }, task: { ttl: 1 } },
    { name: 'check_device', arguments: { device: 'iPhone 15' }, more: true },
    { cursor: 'x' },
    { cursor: 7 },
    [],
    'x',
    null,
  ),
);
const envelope = (revision: unknown, client: unknown, capabilities: unknown) => ({
  'io.modelcontextprotocol/protocolVersion': revision,
  'io.modelcontextprotocol/clientInfo': client,
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});
const named = { name: 'test', version: '1' };
const meta = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: fc.constant(envelope('2026-07-28', named, {})) },
  fc.constantFrom<unknown>(
    {},
    { progressToken: 'p' },
    { progressToken: 1 },
    { progressToken: 1.5 },
    { progressToken: {} },
    { 'vendor.example/more': 1 },
    envelope('2025-11-25', named, {}),
    envelope('2027-01-01', named, {}),
    envelope('2026-07-28', undefined, {}),
    envelope('2026-07-28', { name: 'test' }, {}),
    envelope('2026-07-28', named, undefined),
    envelope('2026-07-28', named, []),
    envelope('2026-07-28', named, { sampling: 7 }),
    envelope('2026-07-28', named, { roots: { listChanged: true }, extensions: { 'io.modelcontextprotocol/ui': {} } }),
    { ...envelope('2026-07-28', named, {}), progressToken: 'p' },
    { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
    'x',
  ),
);
const maybe = <T>(...values: T[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));

const requests = fc
  .record({
    id: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<unknown>(1, 'one') },
      fc.constantFrom<unknown>(undefined, null, 1.5, {}, '', 0, -1),
    ),
    jsonrpc: fc.oneof(
      { weight: 8, arbitrary: fc.constant<unknown>('2.0') },
      fc.constantFrom<unknown>('1.0', undefined, 2),
    ),
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('tools/call', 'tools/list') },
      fc.constantFrom('tools/cal', 'ping', 'prompts/list'),
    ),
    params,
    meta,
    more: fc.boolean(),
    accept: fc.oneof(
      { weight: 6, arbitrary: fc.constant<string | undefined>('application/json, text/event-stream') },
      fc.constantFrom('application/json', '*/*', undefined),
    ),
    revision: maybe('2026-07-28', '2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '1.0'),
    session: maybe<string | undefined>(undefined, undefined, 's-1'),
    // Headers that name what the body names, or something else.
    headed: fc.constantFrom('none', 'right', 'right', 'wrong', 'method only'),
  })
  .map(({ id, jsonrpc, method, params: given, meta: _meta, more, accept, revision, session, headed }): Sent => {
    const isPlain = typeof given === 'object' && given !== null && !Array.isArray(given);
    const whole = _meta === undefined ? given : isPlain ? { ...given, _meta } : given === undefined ? { _meta } : given;
    const name = isPlain && 'name' in given && typeof given.name === 'string' ? given.name : undefined;
    const headers = {
      accept,
      'mcp-protocol-version': revision,
      'mcp-session-id': session,
      'mcp-method': headed === 'none' ? undefined : headed === 'wrong' ? 'ping' : method,
      'mcp-name': headed === 'right' ? name : headed === 'wrong' ? 'other' : undefined,
    };
    return {
      headers: Object.fromEntries(
        Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      // As it comes off the wire: what is undefined is not there.
      body: JSON.parse(JSON.stringify({ jsonrpc, id, method, params: whole, ...(more ? { more: 1 } : {}) })) as unknown,
    };
  });

it('answers on the short way what the SDK answers on the long one, whatever is sent', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (sent) => {
      expect(await answer(quick, sent)).toEqual(await answer(slow, sent));
    }),
    { numRuns: 1_000 },
  );
});

it('takes the short way for each tool in each era: the comparison above compares something', async () => {
  const view = publishedCatalog;
  const context = {
    view,
    pricing: pricingCatalogOf(view),
    appUrl: 'http://127.0.0.1:5000',
    now: now(),
    taxNote: 'not_included' as const,
    quoteKeys: () => parseQuoteKeys(testQuoteKeys),
  };
  const parts = { context: () => Promise.resolve(context), called: () => undefined, failed: () => undefined };
  const take = fastPath(parts, context.appUrl);
  const accept = 'application/json, text/event-stream';
  for (const { name, arguments: args } of calls) {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
    const of2025: Record<string, string> = { accept, 'mcp-protocol-version': '2025-11-25' };
    expect(await take((header) => of2025[header], body), name).toContain('"result"');
    const of2026: Record<string, string> = {
      accept,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    };
    const withEnvelope = { ...body, params: { ...body.params, _meta: envelope('2026-07-28', named, {}) } };
    expect(await take((header) => of2026[header], withEnvelope), name).toContain('"resultType":"complete"');
  }
});
