import { z } from 'zod';
import { billingCycles, productKinds, type CatalogView, type Product } from '../../shared/api/catalog.ts';
import type { Currency } from '../../shared/money.ts';
import { aboutProduct } from './about-products.ts';
import { dataInWords, listed, percent, priceInWords } from './words.ts';

const cyclePrice = z.object({
  cycle: z.enum(billingCycles),
  unit: z.string().describe('ISO 4217 currency.'),
  amount: z.string().describe('Decimal string, before tax.'),
});

/** An amount in a structured answer. */
export const amountSchema = z.object({
  unit: z.string().describe('ISO 4217 currency, or DOTM.'),
  amount: z.string().describe('Decimal string.'),
});

/** A service in a structured answer: what the catalogue holds of it, and what it does. */
export const serviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(productKinds),
  description: z.string(),
  prices: z.array(cyclePrice).describe('Empty for what costs nothing.'),
  isFree: z.boolean().describe('Switched on in the app, not bought.'),
  canBeBought: z.boolean().describe('Whether get_quote can offer it.'),
  data: z.string().nullable().describe('Data that it brings, such as "10 GB".'),
  validityDays: z.int().nullable().describe('Days until its data ends; null for no expiry or no data.'),
  includesEsim: z.boolean().describe('Brings an eSIM line where the person has none.'),
  oncePerPerson: z.boolean(),
  needs: z.string().nullable().describe('Id of the membership that it needs.'),
  onByDefault: z.boolean().nullable().describe('For features: whether it is on without being asked for.'),
  onlyInCountries: z.array(z.string()).nullable().describe('ISO codes of where it is to be had; null for everywhere.'),
  rewardPercent: z.string().describe('Share of the price that comes back as DOTM tokens.'),
  page: z.string().describe('Its page for people.'),
});
export type ServiceView = z.output<typeof serviceSchema>;

/** Shows a service. With a currency only the prices in it, else all. */
export function serviceOf(product: Product, appUrl: string, currency?: Currency): ServiceView {
  const about = aboutProduct(product.id);
  const isFree = product.billing === 'free';
  return {
    id: product.id,
    name: product.name,
    kind: product.kind,
    description: about.description,
    prices: product.prices.filter(({ unit }) => currency === undefined || unit === currency),
    isFree,
    canBeBought: product.sellable,
    data: product.dataBytes === null ? null : dataInWords(product.dataBytes),
    validityDays: product.validityDays,
    includesEsim: product.includesLine,
    oncePerPerson: product.oncePerPerson,
    needs: about.needs ?? null,
    onByDefault: about.onByDefault ?? null,
    onlyInCountries: product.countries,
    rewardPercent: percent(product.rewardBasisPoints),
    page: `${appUrl}/catalog/${product.id}`,
  };
}

/** Says a service in a sentence. */
export function serviceInWords(service: ServiceView): string {
  const price = service.isFree
    ? 'free'
    : service.prices.length === 0
      ? 'no price in this currency'
      : listed(service.prices.map(priceInWords), 'or');
  const facts = [
    price,
    ...(service.data === null ? [] : [service.data]),
    ...(service.validityDays === null ? [] : [`valid ${String(service.validityDays)} days`]),
    ...(service.oncePerPerson ? ['once for each person'] : []),
    ...(service.needs === null ? [] : [`needs ${service.needs}`]),
    ...(service.canBeBought || service.isFree ? [] : ['not sold through an assistant']),
  ];
  return `${service.name} (${service.id}): ${facts.join(', ')}. ${service.description}`.trim();
}

/** What members of a membership pay less for, and what is cheaper together, in words. */
export function discountsInWords(view: CatalogView): string[] {
  const kindWords = (kind: string): string => kind.replaceAll('_', ' ');
  return [
    ...view.bundles.map(
      (bundle) =>
        `${String(bundle.minimumProducts)} or more different paid ${kindWords(bundle.kind)}s together cost ${percent(bundle.basisPointsOff)} less`,
    ),
    ...view.memberDiscounts.map(
      (discount) =>
        `who holds ${discount.membershipId} pays ${percent(discount.basisPointsOff)} less for ${kindWords(discount.kind)}s`,
    ),
  ];
}
