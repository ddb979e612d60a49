import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import type { PricedProduct, PricingCatalog } from '../../src/domain/pricing/catalog.ts';
import type { Currency } from '../../src/shared/money.ts';

/** A month bought for a year costs ten months. */
const monthsPaidInAYear = 10n;

function pricesOf({ billing, cents }: (typeof startingCatalog)[number]): PricedProduct['prices'] {
  const inCurrency = (currency: Currency) => {
    if (billing === 'free') return {};
    if (billing !== 'monthly') return { [billing]: cents[currency] };
    return { monthly: cents[currency], annual: cents[currency] * monthsPaidInAYear };
  };
  return { USD: inCurrency('USD'), CAD: inCurrency('CAD') };
}

/** The starting catalogue as the pricing engine sees it, with the network bundle and the full members' discount. */
export const pricingCatalog: PricingCatalog = {
  version: 1,
  products: startingCatalog.map((product) => ({
    id: product.id,
    kind: product.kind,
    prices: pricesOf(product),
    rewardBasisPoints: product.rewardBasisPoints,
    countries: product.id === 'metal_card' ? ['CA', 'US'] : null,
  })),
  bundles: [{ id: 'network_bundle', kind: 'network_feature', minimumProducts: 3, basisPointsOff: 1500 }],
  memberDiscounts: [
    { id: 'full_member_features', membershipId: 'full_membership', kind: 'network_feature', basisPointsOff: 2000 },
  ],
};
