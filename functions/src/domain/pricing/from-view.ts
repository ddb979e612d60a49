import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import { fromDecimal, type Currency } from '../../shared/money.ts';
import type { RewardRate } from '../rewards/purchase-reward.ts';
import type { BillingCycle, PricingCatalog, PriceTable } from './catalog.ts';

/** The parts of the public catalogue that prices are made of. */
export type PricedView = Pick<
  CatalogView,
  'version' | 'currencies' | 'excludedCountries' | 'products' | 'bundles' | 'memberDiscounts'
>;

/** Reads the public catalogue as the pricing engine wants it. Every door prices through it, so that all of them say the same. */
export function pricingCatalogOf(view: Omit<PricedView, 'currencies'>): PricingCatalog {
  return {
    version: view.version,
    excludedCountries: view.excludedCountries,
    products: view.products.map((product) => ({
      id: product.id,
      kind: product.kind,
      prices: priceTable(product),
      rewardBasisPoints: product.rewardBasisPoints,
      countries: product.countries,
    })),
    bundles: view.bundles,
    memberDiscounts: view.memberDiscounts,
  };
}

function priceTable({ prices }: Product): PriceTable {
  const table: Partial<Record<Currency, Partial<Record<BillingCycle, bigint>>>> = {};
  for (const { unit, cycle, amount } of prices) {
    table[unit] = { ...table[unit], [cycle]: fromDecimal(unit, amount) };
  }
  return table;
}

/** How many DOTM a whole unit of `currency` earns. Throws `request.invalid` naming `currency` where nothing is sold in it. */
export function rewardRateOf(view: Pick<CatalogView, 'version' | 'currencies'>, currency: Currency): RewardRate {
  const sold = view.currencies.find(({ code }) => code === currency);
  if (sold) return readRewardRate(sold.rewardRate);
  const problem = `nothing is sold in ${currency}, but in ${view.currencies.map(({ code }) => code).join(', ')}`;
  throw new CodedError('request.invalid', `catalogue ${view.version}: ${problem}`, {
    fields: [{ field: 'currency', problem }],
  });
}

/** Takes a decimal string for an exact fraction: "0.73" is 73/100. Throws RangeError when it is none. */
export function readRewardRate(text: string): RewardRate {
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is no reward rate: a decimal such as 0.73`);
  const decimals = match[2] ?? '';
  return { numerator: BigInt(`${match[1]}${decimals}`), denominator: 10n ** BigInt(decimals.length) };
}
