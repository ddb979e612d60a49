import { expect } from 'vitest';
import { z } from 'zod';
import { priceSchema } from '../../../functions/src/shared/money-schemas.ts';
import { formatPrice } from '../../../hosting/src/format/money.ts';
import { testWorld } from '../test-world.ts';
import { journey } from './support/journey.ts';
import { openLink, payAsShown } from './support/quoted.ts';
import { chargesOf } from './support/vendors.ts';

/** What an assistant reads of the answer, as far as somebody pays by it. */
const answerSchema = z.object({
  result: z.object({
    isError: z.literal(false).optional(),
    structuredContent: z.object({ checkoutUrl: z.url(), price: z.object({ dueNow: priceSchema }) }),
  }),
});

/** Every call of 2026-07-28 says who calls; those of 2025 had said it once, in a session that this server needs no more than this test. */
const callers = {
  '2025-11-25': {},
  '2026-07-28': {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'journey', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
} as const;

/** Has the MCP server sign a quote, through Hosting as an assistant reaches it. */
async function quoteOverMcp(protocol: keyof typeof callers, args: object) {
  const params = { name: 'get_quote', arguments: args, ...callers[protocol] };
  const response = await fetch(testWorld().urls.mcp, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': protocol,
      'mcp-method': 'tools/call',
      'mcp-name': params.name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return answerSchema.parse(body).result.structuredContent;
}

for (const [currency, due, screen, language, protocol] of [
  // One month of three features at 15 % off, rounded down to the cent, beside data at its full price.
  ['USD', '33.60', 'phone', 'en', '2025-11-25'],
  ['CAD', '46.67', 'desktop', 'fr', '2026-07-28'],
] as const) {
  journey(
    `a quote in ${currency} that an assistant of ${protocol} got over MCP is paid at exactly its price through its checkout link`,
    { screen, language },
    async (visitor) => {
      const features = ['network_vpn', 'network_security', 'network_optimization'];
      const { checkoutUrl, price } = await quoteOverMcp(protocol, {
        items: [{ productId: 'global_data_10gb' }, ...features.map((productId) => ({ productId, cycle: 'monthly' }))],
        currency,
      });
      expect(price.dueNow).toEqual({ unit: currency, amount: due });
      await openLink(visitor, checkoutUrl);
      await payAsShown(visitor, formatPrice(price.dueNow, language));
      expect(await chargesOf(visitor.email)).toEqual([price.dueNow]);
    },
  );
}
