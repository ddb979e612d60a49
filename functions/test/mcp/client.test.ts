import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyQuote } from '../../src/platform/quotes/verify-quote.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { tools } from '../../src/public/mcp/tools/index.ts';
import { testQuoteKeys } from '../support/mcp-server.ts';
import { startPublicFunction, type RunningFunction } from '../support/public-functions.ts';

// The official client against the function as it is deployed. It checks each structured answer against the schema that was listed.

let server: RunningFunction;
beforeAll(async () => {
  server = await startPublicFunction('mcp');
});
afterAll(async () => {
  await server.stop();
});

async function connect(mode: 'legacy' | { pin: string }): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}mcp`)));
  return client;
}

describe.each([
  ['of 2025', 'legacy'],
  ['of 2026', { pin: '2026-07-28' }],
] as const)('a client %s', (_era, mode) => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(mode);
  });
  afterAll(async () => {
    await client.close();
  });

  it('is told who serves it and how to use it', () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'dotm', title: 'DOTM travel connectivity' });
    expect(client.getInstructions()).toContain('calculate_pricing');
    expect(client.getServerCapabilities()).toEqual({ tools: {}, resources: {}, prompts: {}, completions: {} });
  });

  it('gets from each tool an answer of the promised form, mirrored as text', async () => {
    await client.listTools();
    for (const { listed, example } of tools) {
      const answer = await client.callTool({ name: listed.name, arguments: { ...example } });
      expect(answer.isError ?? false, listed.name).toBe(false);
      const [first] = answer.content as { type: string; text: string }[];
      expect(JSON.parse(first?.text ?? ''), listed.name).toEqual(answer.structuredContent);
    }
  });

  it('is told how to do better when it was wrong, as an answer and not as an error of the protocol', async () => {
    const answer = await client.callTool({ name: 'get_service', arguments: { id: 'unlimited' } });
    expect(answer).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: expect.stringContaining('global_data_10gb') as string }],
    });
  });

  it('reads every resource that is listed', async () => {
    // The client follows the cursors by itself.
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(new Set(uris).size).toBe(uris.length);
    expect(uris).toContain('dotm://services/satellite_text');
    for (const uri of uris) {
      const { contents } = await client.readResource({ uri });
      expect(contents, uri).toEqual([expect.objectContaining({ uri })]);
    }
  });

  it('completes ids of services, countries by name, and the last word of a list', async () => {
    const service = { type: 'ref/resource', uri: 'dotm://services/{id}' } as const;
    const ids = await client.complete({ ref: service, argument: { name: 'id', value: 'network_s' } });
    expect(ids.completion.values).toEqual(['network_security', 'network_scans']);
    const coverage = { type: 'ref/resource', uri: 'dotm://coverage/{country}' } as const;
    const codes = await client.complete({ ref: coverage, argument: { name: 'country', value: 'austr' } });
    expect(codes.completion.values.sort()).toEqual(['AT', 'AU']);
    const prompt = { type: 'ref/prompt', name: 'cost_optimization' } as const;
    const more = await client.complete({ ref: prompt, argument: { name: 'services', value: 'network_vpn, full' } });
    expect(more.completion.values).toEqual(['full_membership']);
  });

  it('gets a quote that our own key verifies, for the price that it was told', async () => {
    const answer = await client.callTool({
      name: 'get_quote',
      arguments: { items: [{ productId: 'global_data_10gb', quantity: 2 }], currency: 'CAD' },
    });
    const { quote, price, checkoutUrl, expiresAt } = answer.structuredContent as {
      quote: string;
      price: { dueNow: unknown };
      checkoutUrl: string;
      expiresAt: string;
    };
    const read = await verifyQuote(parseQuoteKeys(testQuoteKeys), quote, new Date());
    expect(read).toMatchObject({
      currency: 'CAD',
      lines: [{ productId: 'global_data_10gb', quantity: 2, unit: 2799n }],
    });
    expect(price.dueNow).toEqual({ unit: 'CAD', amount: '55.98' });
    expect(read.expiresAt.toISOString()).toBe(expiresAt);
    expect(new URL(checkoutUrl).searchParams.get('quote')).toBe(quote);
  });

  it('is refused an unknown tool, prompt, resource and cursor with the error for wrong parameters', async () => {
    const wrong = expect.objectContaining({ code: -32602 }) as Error;
    await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toThrow(wrong);
    await expect(client.getPrompt({ name: 'nothing' })).rejects.toThrow(wrong);
    await expect(client.getPrompt({ name: 'explain_service' })).rejects.toThrow(wrong);
    await expect(client.readResource({ uri: 'dotm://services/nothing' })).rejects.toThrow(wrong);
    await expect(client.readResource({ uri: 'dotm://coverage/XX' })).rejects.toThrow(wrong);
    await expect(client.listResources({ cursor: 'nonsense' })).rejects.toThrow(wrong);
  });
});

it('a long list comes in pages, and a cursor leads to the next one', async () => {
  const page = async (cursor?: string): Promise<{ resources: { uri: string }[]; nextCursor?: string }> => {
    const body = { jsonrpc: '2.0', id: 1, method: 'resources/list', params: cursor === undefined ? {} : { cursor } };
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const answer = await fetch(`${server.url}mcp`, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { result: { resources: { uri: string }[]; nextCursor?: string } }).result;
  };
  const first = await page();
  const second = await page(first.nextCursor);
  expect(first.resources).toHaveLength(12);
  expect(second.resources.length).toBeGreaterThan(0);
  expect(second.resources.some(({ uri }) => first.resources.some((other) => other.uri === uri))).toBe(false);
  expect(second).not.toHaveProperty('nextCursor');
});
