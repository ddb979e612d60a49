import { z } from 'zod';
import { currencyArgument, currencyOf } from '../lookups.ts';
import { discountsInWords, serviceInWords, serviceOf, serviceSchema } from '../service-view.ts';
import { declareTool } from '../tool.ts';

const featureKinds: readonly string[] = ['network_feature', 'communication_feature'];

/** Lists what can be switched on and off. */
export const listNetworkFeatures = declareTool({
  name: 'list_network_features',
  title: 'List network features',
  description:
    'Lists the network and communication features that can be added to a line (security, VPN, priority, HD voice, Wi-Fi calling, satellite text and so on): price by month and year, whether each is on by default, what it needs, and the discounts for taking several. Use it when somebody asks about features, add-ons or how to make the connection safer or faster.',
  input: z.strictObject({ currency: currencyArgument }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    features: z.array(serviceSchema),
    discounts: z.array(z.string()).describe('In words. They do not add up: the best one counts.'),
  }),
  example: {},
  run: ({ currency }, { view, appUrl }) => {
    const code = currencyOf(view, currency);
    const features = view.products
      .filter(({ kind }) => featureKinds.includes(kind))
      .map((product) => serviceOf(product, appUrl, code));
    const discounts = discountsInWords({
      ...view,
      bundles: view.bundles.filter(({ kind }) => featureKinds.includes(kind)),
      memberDiscounts: view.memberDiscounts.filter(({ kind }) => featureKinds.includes(kind)),
    });
    const rules = discounts.length === 0 ? '' : ` Discounts, of which the best one counts: ${discounts.join('; ')}.`;
    return {
      summary: `${features.map(serviceInWords).join(' ')}${rules} Prices in ${code} before tax.`,
      catalogVersion: view.version,
      features,
      discounts,
    };
  },
});
