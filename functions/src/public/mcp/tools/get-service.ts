import { z } from 'zod';
import { productIdArgument, productOf } from '../lookups.ts';
import { discountsInWords, serviceInWords, serviceOf, serviceSchema } from '../service-view.ts';
import { declareTool } from '../tool.ts';

/** Shows one service in full. */
export const getService = declareTool({
  name: 'get_service',
  title: 'Show a service',
  description:
    'Shows one service in full: what it does, its prices in every currency and billing cycle, data, validity, conditions and reward. Use it when somebody asks about a particular service and you know its id.',
  input: z.strictObject({ id: productIdArgument }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    service: serviceSchema,
    discounts: z
      .array(z.string())
      .describe('Discounts that can apply to it, in words. They do not add up: the best one counts.'),
  }),
  example: { id: 'global_data_10gb' },
  run: ({ id }, { view, appUrl }) => {
    const product = productOf(view, id);
    const service = serviceOf(product, appUrl);
    const discounts = discountsInWords({
      ...view,
      bundles: view.bundles.filter(({ kind }) => kind === product.kind && product.prices.length > 0),
      memberDiscounts: view.memberDiscounts.filter(({ kind }) => kind === product.kind && product.prices.length > 0),
    });
    const where =
      service.onlyInCountries === null ? '' : ` It is to be had in: ${service.onlyInCountries.join(', ')} only.`;
    const more = discounts.length === 0 ? '' : ` Discounts: ${discounts.join('; ')}.`;
    return {
      summary: `${serviceInWords(service)}${where} ${service.rewardPercent} of the price comes back as DOTM.${more} Prices are before tax.`,
      catalogVersion: view.version,
      service,
      discounts,
    };
  },
});
