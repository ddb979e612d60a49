import type { CatalogContent } from '../../shared/api/catalog-content.ts';
import type { ContentProblem } from '../../shared/api/catalog-versions.ts';
import type { Product } from '../../shared/api/catalog.ts';
import { fromDecimal } from '../../shared/money.ts';
// The table alone: what reads it brings all cities of the world with it.
import countryTable from '../places/data/countries.json' with { type: 'json' };

/** What else decides whether a content may be published. */
export interface Surroundings {
  /** Products that running subscriptions hold. */
  readonly heldProducts: ReadonlySet<string>;
  /** Products that the carrier has a plan for. */
  readonly plannedProducts: ReadonlySet<string>;
  /** Says whether the payment provider counts a currency in the same minor units as we do. */
  readonly isCountedAlike: (currency: string) => boolean;
}

type Report = (field: string, code: ContentProblem['code'], values?: ContentProblem['values']) => void;

/**
 * Finds what keeps a content from being published; nothing where it may be. Every product has a price in each currency for each of its
 * cycles; nothing costs nothing and is sold; every bundle can be reached; what running subscriptions hold is still there. That no price
 * is negative and no discount takes more than everything is said by the content's schema already.
 */
export function checkContent(content: CatalogContent, around: Surroundings): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const report: Report = (field, code, values = {}) => problems.push({ field, code, values });
  checkCurrencies(content, around, report);
  checkCountries(content.excludedCountries, 'excludedCountries', report);
  checkProducts(content, around, report);
  checkBundles(content, report);
  checkMemberDiscounts(content, report);
  return problems;
}

const knownCurrencies = new Set(Intl.supportedValuesOf('currency'));

function checkCurrencies({ currencies }: CatalogContent, around: Surroundings, report: Report): void {
  if (currencies.length === 0) report('currencies', 'nothing_there');
  reportTwice(
    currencies.map(({ code }) => code),
    (index) => `currencies.${index}.code`,
    report,
  );
  currencies.forEach(({ code, rewardRate }, index) => {
    const field = `currencies.${index}`;
    if (!knownCurrencies.has(code)) report(`${field}.code`, 'currency_unknown', { currency: code });
    else if (!around.isCountedAlike(code)) report(`${field}.code`, 'currency_not_counted_alike', { currency: code });
    if (/^[0.]*$/.test(rewardRate)) report(`${field}.rewardRate`, 'rate_zero');
  });
}

function checkCountries(countries: readonly string[], field: string, report: Report): void {
  for (const country of countries)
    if (!Object.hasOwn(countryTable, country)) report(field, 'country_unknown', { country });
  for (const country of repeated(countries)) report(field, 'country_twice', { country });
}

function checkProducts(content: CatalogContent, around: Surroundings, report: Report): void {
  const { products } = content;
  if (products.length === 0) report('products', 'nothing_there');
  reportTwice(
    products.map(({ id }) => id),
    (index) => `products.${index}.id`,
    report,
  );
  products.forEach((product, index) => checkProduct(content, product, `products.${index}`, around, report));
  const ids = new Set(products.map(({ id }) => id));
  for (const product of around.heldProducts) if (!ids.has(product)) report('products', 'product_in_use', { product });
}

function checkProduct(
  { currencies }: CatalogContent,
  product: Product,
  field: string,
  around: Surroundings,
  report: Report,
): void {
  if (product.countries?.length === 0) report(`${field}.countries`, 'countries_empty');
  checkCountries(product.countries ?? [], `${field}.countries`, report);
  const needsPlan = product.sellable && (product.includesLine || product.dataBytes !== null);
  if (needsPlan && !around.plannedProducts.has(product.id)) report(`${field}.sellable`, 'plan_missing');
  if (product.billing === 'free') {
    if (product.prices.length > 0) report(`${field}.prices`, 'free_with_price');
    if (product.sellable) report(`${field}.sellable`, 'free_but_sold');
    return;
  }
  const cycles = new Set([product.billing, ...product.prices.map(({ cycle }) => cycle)]);
  if (!product.prices.some(({ cycle }) => cycle === product.billing))
    report(`${field}.billing`, 'billing_without_price');
  for (const { code } of currencies) {
    for (const cycle of cycles) {
      if (product.prices.some((price) => price.unit === code && price.cycle === cycle)) continue;
      report(`${field}.prices`, 'price_missing', { currency: code, cycle });
    }
  }
  const sold = new Set(currencies.map(({ code }) => code));
  product.prices.forEach(({ unit, amount }, index) => {
    const place = `${field}.prices.${index}.amount`;
    if (!sold.has(unit)) report(place, 'price_currency_not_sold', { currency: unit });
    const minor = readAmount(unit, amount);
    if (minor === null) report(place, 'price_decimals', { currency: unit });
    else if (minor === 0n) report(place, 'price_zero');
  });
  reportTwice(
    product.prices.map(({ unit, cycle }) => `${unit}/${cycle}`),
    (index) => `${field}.prices.${index}.amount`,
    report,
    'price_twice',
  );
}

function readAmount(unit: Parameters<typeof fromDecimal>[0], amount: string): bigint | null {
  try {
    return fromDecimal(unit, amount);
  } catch {
    return null;
  }
}

function checkBundles({ bundles, products }: CatalogContent, report: Report): void {
  reportTwice(
    bundles.map(({ id }) => id),
    (index) => `bundles.${index}.id`,
    report,
  );
  bundles.forEach(({ kind, minimumProducts, basisPointsOff }, index) => {
    const field = `bundles.${index}`;
    const reach = products.filter((product) => product.kind === kind && product.sellable && product.prices.length > 0);
    if (reach.length < minimumProducts) {
      report(`${field}.minimumProducts`, 'bundle_out_of_reach', { products: String(reach.length) });
    }
    if (basisPointsOff === 0) report(`${field}.basisPointsOff`, 'discount_nothing');
  });
}

function checkMemberDiscounts({ memberDiscounts, products }: CatalogContent, report: Report): void {
  reportTwice(
    memberDiscounts.map(({ id }) => id),
    (index) => `memberDiscounts.${index}.id`,
    report,
  );
  memberDiscounts.forEach(({ membershipId, kind, basisPointsOff }, index) => {
    const field = `memberDiscounts.${index}`;
    const membership = products.find(({ id }) => id === membershipId);
    if (membership?.kind !== 'membership') report(`${field}.membershipId`, 'not_a_membership');
    if (!products.some((product) => product.kind === kind && product.prices.length > 0)) {
      report(`${field}.kind`, 'no_product_of_kind');
    }
    if (basisPointsOff === 0) report(`${field}.basisPointsOff`, 'discount_nothing');
  });
}

function reportTwice(
  names: readonly string[],
  fieldOf: (index: number) => string,
  report: Report,
  code: ContentProblem['code'] = 'id_twice',
): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) report(fieldOf(index), code, { name });
  });
}

function repeated(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, index) => names.indexOf(name) < index));
}
