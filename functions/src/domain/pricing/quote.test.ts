import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pricingCatalog, pricingView } from '../../../test/support/pricing-catalog.ts';
import { billingCycles } from './catalog.ts';
import { rewardRateOf } from './from-view.ts';
import { priceBasket } from './price-basket.ts';
import { decodeQuote, encodeQuote, quotedDueNow, quoteOf, type Quote } from './quote.ts';

const now = new Date('2026-11-23T10:00:00.750Z');
const tenOff = { code: 'TEN', off: { basisPoints: 1000 }, productIds: null };

const items = fc.uniqueArray(
  fc
    .record({
      product: fc.constantFrom(...pricingCatalog.products),
      cycle: fc.constantFrom(...billingCycles),
      quantity: fc.integer({ min: 1, max: 10 }),
    })
    .filter(({ product, cycle }) => product.prices.USD?.[cycle] !== undefined)
    .map(({ product, cycle, quantity }) => ({ productId: product.id, cycle, quantity })),
  { minLength: 1, maxLength: 5, selector: (item) => `${item.productId}/${item.cycle}` },
);

const quotes = fc
  .record({
    items,
    currency: fc.constantFrom('USD' as const, 'CAD' as const),
    membershipId: fc.option(fc.constant('full_membership')),
    country: fc.option(fc.constant('CA')),
    promotion: fc.option(fc.constant(tenOff)),
  })
  .map((request): { quote: Quote; dueNow: bigint } => {
    const priced = priceBasket(pricingCatalog, { ...request, rewardRate: rewardRateOf(pricingView, request.currency) });
    const promotionCode = request.promotion?.code ?? null;
    return { quote: quoteOf(priced, { ...request, promotionCode }, now), dueNow: priced.dueNow };
  });

describe('a quote', () => {
  it('comes back from its claims as it was, and costs what the basket costs', () => {
    fc.assert(
      fc.property(quotes, ({ quote, dueNow }) => {
        expect(decodeQuote(JSON.parse(JSON.stringify(encodeQuote(quote))))).toEqual(quote);
        expect(quotedDueNow(quote)).toBe(dueNow);
      }),
    );
  });

  it('is good for 30 minutes, counted in whole seconds', () => {
    const { quote } = need(fc.sample(quotes, 1)[0]);
    expect(quote.issuedAt.toISOString()).toBe('2026-11-23T10:00:00.000Z');
    expect(quote.expiresAt.toISOString()).toBe('2026-11-23T10:30:00.000Z');
  });

  it('holds nothing but prices: no name of its claims could hold a person', () => {
    const { quote } = need(fc.sample(quotes, 1)[0]);
    const known = ['f', 'v', 'c', 'l', 't', 'd', 'r', 'm', 'p', 'a', 'iat', 'exp'];
    expect(Object.keys(encodeQuote(quote)).filter((name) => !known.includes(name))).toEqual([]);
    expect(decodeQuote({ ...encodeQuote(quote), uid: 'somebody' })).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['a text', 'quote'],
    ['a total that its lines don’t come to', { t: 1 }],
    ['no lines', { l: [], t: 0 }],
    ['a line that costs less than nothing', { l: [['network_vpn', 'm', 1, 800, 900, -100, 0]], t: -100 }],
    ['a line whose total is not its own', { l: [['network_vpn', 'm', 1, 800, 0, 700, 0]], t: 700 }],
    ['more off at renewal than it costs', { l: [['network_vpn', 'm', 1, 800, 0, 800, 801]], t: 800 }],
    ['half a cent', { l: [['network_vpn', 'm', 1, 800.5, 0, 800.5, 0]], t: 800.5 }],
    ['a currency that is none', { c: 'DOTM' }],
    ['a form that is not ours', { f: 2 }],
    ['an end before its beginning', { exp: 1, iat: 2 }],
  ])('is not read out of %s', (_what, change) => {
    const sound = {
      f: 1,
      v: 1,
      c: 'USD',
      l: [['network_vpn', 'm', 1, 800, 0, 800, 0]],
      t: 800,
      iat: 1000,
      exp: 2800,
    };
    expect(decodeQuote(sound)).not.toBeNull();
    const wrong: unknown = typeof change === 'object' && change !== null ? { ...sound, ...change } : change;
    expect(decodeQuote(wrong)).toBeNull();
  });
});

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value, got none');
  return value;
}
