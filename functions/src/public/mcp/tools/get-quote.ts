import { z } from 'zod';
import { quoteMinutes, quoteOf } from '../../../domain/pricing/quote.ts';
import { signQuote } from '../../../platform/quotes/sign-quote.ts';
import type { CatalogView } from '../../../shared/api/catalog.ts';
import type { BasketItem } from '../../../domain/pricing/price-basket.ts';
import { countryOf } from '../country.ts';
import { basketOf, currencyOf, membershipOf } from '../lookups.ts';
import { notIncluded, priceFor, basketInWords, priceOutput } from '../price-answer.ts';
import { CannotAnswer, declareTool } from '../tool.ts';
import { basketArguments } from './calculate-pricing.ts';

/** Signs a price, so that checkout keeps it. */
export const getQuote = declareTool({
  name: 'get_quote',
  title: 'Get a quote',
  description: `Fixes the price of a choice of services for ${String(quoteMinutes)} minutes and gives the link that opens the checkout with it. Use it once somebody has chosen and wants to buy. Give them the link unchanged: it is signed, and they sign in and pay there themselves. Nothing is bought or reserved by this call. Promotion codes are entered in the web app.`,
  input: z.strictObject(basketArguments),
  output: z.object({
    ...priceOutput,
    quote: z.string().describe('The signed quote. It names no person.'),
    checkoutUrl: z.string().describe('Opens the checkout with this price.'),
    expiresAt: z.iso.datetime().describe('Until when the price holds.'),
    conditions: z.array(z.string()).describe('What is checked at checkout. Tell the person.'),
  }),
  example: { items: [{ productId: 'global_data_10gb' }], currency: 'USD' },
  card: true,
  run: async ({ items, currency, membership, country }, context) => {
    const { view, appUrl, now, quoteKeys } = context;
    const code = currencyOf(view, currency);
    const basket = basketOf(view, items, code);
    refuseUnsellable(view, basket);
    const asked = {
      membershipId: membershipOf(view, membership),
      country: country === undefined ? null : countryOf(country),
    };
    const { priced, shown } = priceFor(context, { items: basket, currency: code, ...asked });
    const quote = quoteOf(priced, { ...asked, promotionCode: null }, now);
    const token = await signQuote(quoteKeys(), quote);
    const expiresAt = quote.expiresAt.toISOString();
    const missing = notIncluded(context);
    const conditions = conditionsOf(view, basket, asked.membershipId);
    return {
      summary: [
        basketInWords(shown),
        `This price holds until ${expiresAt}, to the cent.`,
        ...conditions,
        `Not included: ${missing.join(' ')}`,
      ].join(' '),
      price: shown,
      notIncluded: missing,
      quote: token,
      checkoutUrl: `${appUrl}/checkout?quote=${token}`,
      expiresAt,
      conditions,
    };
  },
});

function refuseUnsellable(view: CatalogView, items: readonly BasketItem[]): void {
  for (const { productId } of items) {
    const product = view.products.find(({ id }) => id === productId);
    if (product?.sellable === false) {
      throw new CannotAnswer(
        `${productId} can't be bought at the checkout: it is given by invitation or sold elsewhere. Leave it out; get_service tells more.`,
      );
    }
  }
  const cycles = new Set(items.map(({ cycle }) => cycle));
  if (cycles.has('monthly') && cycles.has('annual')) {
    throw new CannotAnswer(
      'What is paid monthly and what is paid annually are two orders: get a quote for each, or choose one cycle for all.',
    );
  }
}

function conditionsOf(view: CatalogView, items: readonly BasketItem[], membershipId: string | null): string[] {
  const once = view.products.filter(
    ({ id, oncePerPerson }) => oncePerPerson && items.some((item) => item.productId === id),
  );
  return [
    ...(membershipId === null ? [] : [`The buyer must really hold ${membershipId}.`]),
    ...once.map(({ name }) => `${name} is sold once to each person.`),
  ];
}
