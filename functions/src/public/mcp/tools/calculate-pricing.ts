import { z } from 'zod';
import {
  basketOf,
  currencyArgument,
  currencyOf,
  itemsArgument,
  membershipArgument,
  membershipOf,
  placeArgument,
} from '../lookups.ts';
import { countryOf } from '../country.ts';
import { notIncluded, priceFor, basketInWords, priceOutput } from '../price-answer.ts';
import { declareTool } from '../tool.ts';

/** What both pricing tools are asked with. */
export const basketArguments = {
  items: itemsArgument,
  currency: currencyArgument,
  membership: membershipArgument,
  country: placeArgument
    .optional()
    .describe('Where it is to be used: country, code or larger city. Some services are sold in some countries only.'),
};

/** Prices a basket without promising anything. */
export const calculatePricing = declareTool({
  name: 'calculate_pricing',
  title: 'Calculate a price',
  description:
    'Calculates what a choice of services costs now and at each renewal, with the discount that applies and why, what would make it cheaper, and the reward. Use it while somebody is still choosing, and as often as you like. It promises nothing: once they have chosen, get_quote fixes the price. Never add up list prices yourself.',
  input: z.strictObject(basketArguments),
  output: z.object(priceOutput),
  example: { items: [{ productId: 'network_vpn', cycle: 'monthly' }], currency: 'USD' },
  run: ({ items, currency, membership, country }, context) => {
    const { view } = context;
    const code = currencyOf(view, currency);
    const { shown } = priceFor(context, {
      items: basketOf(view, items, code),
      currency: code,
      membershipId: membershipOf(view, membership),
      country: country === undefined ? null : countryOf(country),
    });
    return { summary: basketInWords(shown), price: shown, notIncluded: notIncluded(context) };
  },
});
