import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prompts } from '../../src/public/mcp/prompts.ts';
import { tools } from '../../src/public/mcp/tools/index.ts';
import { serve, testDoor, type Served } from '../support/mcp-server.ts';

// What people must not tell an assistant they tell it all the same, and it passes it on. Whatever comes in, none of it may come out again:
// not in an answer, where it would be kept in a conversation, and not in a log.

let server: Served;
const logged: string[] = [];
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => logged.push(String(chunk)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => logged.push(String(chunk)) > 0);
  server = await serve(testDoor());
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${String(length)}}$`));

/** Values of the four kinds that nobody may pass on. Each is long enough that it is no accident when it turns up. */
const personal = fc.oneof(
  fc
    .tuple(fc.stringMatching(/^[a-z]{6,10}$/), fc.constantFrom('mail.example', 'gmail.com'))
    .map(([name, host]) => `${name}@${host}`),
  fc.stringMatching(/^[A-Za-z0-9]{28}$/).filter((uid) => /\d/.test(uid) && /[A-Z]/.test(uid)),
  digits(10).map((number) => `+1${number}`),
  digits(11),
  digits(18).map((rest) => `8${rest}`),
);

type Make = (value: string) => { method: string; params: Record<string, unknown> };

/** Puts a value in the place of each text of an example, one after the other, and beside them. */
function waysIn(name: string, schema: Record<string, unknown>, example: Readonly<Record<string, unknown>>): Make[] {
  const call = (args: unknown) => ({ method: 'tools/call', params: { name, arguments: args } });
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, { type?: string }>);
  return [
    ...properties.flatMap(([argument, { type }]): Make[] => [
      (value) => call({ ...example, [argument]: type === 'array' ? [value] : value }),
      (value) =>
        call({
          ...example,
          [argument]: type === 'array' ? [{ productId: value, [value]: value }] : { [value]: value },
        }),
    ]),
    (value) => call({ ...example, [value]: value }),
    (value) => call(value),
  ];
}

const ways: [string, Make][] = [
  ...tools.flatMap(({ listed, example }) =>
    waysIn(listed.name, listed.inputSchema, example).map((make, index): [string, Make] => [
      `${listed.name} ${String(index)}`,
      make,
    ]),
  ),
  ...prompts.flatMap(({ listed }) =>
    (listed.arguments ?? []).map(({ name }): [string, Make] => [
      `prompt ${listed.name} ${name}`,
      (value) => ({
        method: 'prompts/get',
        params: {
          name: listed.name,
          arguments: { destination: 'AT', service: 'network_vpn', services: 'network_vpn', [name]: value },
        },
      }),
    ]),
  ),
  ...prompts.flatMap(({ listed }) =>
    (listed.arguments ?? []).map(({ name }): [string, Make] => [
      `completion ${listed.name} ${name}`,
      (value) => ({
        method: 'completion/complete',
        params: { ref: { type: 'ref/prompt', name: listed.name }, argument: { name, value } },
      }),
    ]),
  ),
  ...['dotm://services/', 'dotm://coverage/', 'dotm://', ''].map((prefix): [string, Make] => [
    `resource ${prefix}`,
    (value) => ({ method: 'resources/read', params: { uri: `${prefix}${value}` } }),
  ]),
  ['a tool of that name', (value) => ({ method: 'tools/call', params: { name: value, arguments: {} } })],
  ['a prompt of that name', (value) => ({ method: 'prompts/get', params: { name: value } })],
  ['a cursor', (value) => ({ method: 'resources/list', params: { cursor: value } })],
  ['a method of that name', (value) => ({ method: value, params: {} })],
  [
    'a completion of something of that name',
    (value) => ({
      method: 'completion/complete',
      params: { ref: { type: 'ref/prompt', name: value }, argument: { name: value, value } },
    }),
  ],
];

const eras = {
  legacy: (message: { method: string; params: Record<string, unknown> }) => ({
    headers: { 'mcp-protocol-version': '2025-11-25' } as Record<string, string>,
    params: message.params,
  }),
  modern: (message: { method: string; params: Record<string, unknown> }) => ({
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': message.method,
      // The protocol wants the name twice; what the client calls itself comes too.
      ...(['name', 'uri'] as const).reduce<Record<string, string>>((found, key) => {
        const value = message.params[key];
        return typeof value === 'string' ? { 'mcp-name': value } : found;
      }, {}),
    },
    params: {
      ...message.params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  }),
} as const;

async function answerTo(era: keyof typeof eras, make: Make, value: string): Promise<string> {
  const message = make(value);
  const { headers, params } = eras[era](message);
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: message.method, params }),
  });
  return `${JSON.stringify([...response.headers])}${await response.text()}`;
}

describe.each(['legacy', 'modern'] as const)(
  'in the %s era nothing personal that is sent comes back or is logged',
  (era) => {
    it.each(ways)('%s', async (_way, make) => {
      await fc.assert(
        fc.asyncProperty(personal, async (value) => {
          logged.length = 0;
          const answer = await answerTo(era, make, value);
          const forms = [value, encodeURIComponent(value), value.replace(/^\+/, '')];
          for (const form of forms) {
            expect(answer).not.toContain(form);
            expect(logged.join('')).not.toContain(form);
          }
        }),
        { numRuns: 12 },
      );
    });
  },
);

it('every answer to a right question is free of numbers that are long enough for a telephone or an ICCID', async () => {
  for (const { listed, example } of tools) {
    const text = await answerTo(
      'legacy',
      () => ({ method: 'tools/call', params: { name: listed.name, arguments: example } }),
      '',
    );
    const { result } = JSON.parse(text.slice(text.indexOf(']{') + 1).replace(/^[^{]*/, '')) as {
      result: { structuredContent: Record<string, unknown> };
    };
    // The signature of a quote is random letters, and a token's amount has 18 decimals.
    const words = JSON.stringify({ ...result.structuredContent, quote: '', checkoutUrl: '' }).replaceAll(
      /\d+\.\d+/g,
      '',
    );
    expect(words, listed.name).not.toMatch(/\d{10,}|[\w.+-]+@[\w-]+\.\w+/);
  }
});
