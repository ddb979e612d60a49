import { catalogContentSchema } from '../../../../../functions/src/shared/api/catalog-content.ts';
import type { CatalogContent } from '../../../../../functions/src/shared/api/catalog-content.ts';
import { billingCycles } from '../../../../../functions/src/shared/api/catalog.ts';
import type { Bundle, CyclePrice, MemberDiscount, Product } from '../../../../../functions/src/shared/api/catalog.ts';
import { fromDecimal, minorDigits, toDecimal } from '../../../../../functions/src/shared/money.ts';
import type { Currency } from '../../../../../functions/src/shared/money.ts';

export type Cycle = CyclePrice['cycle'];

/** A product as it is typed. What is empty is not there: no price, no data, no end, no limit to countries. */
export interface ProductForm extends Pick<
  Product,
  'id' | 'name' | 'kind' | 'billing' | 'oncePerPerson' | 'includesLine' | 'sellable'
> {
  /** The cycles that have a row of prices, also while no price stands in it. */
  cycles: Cycle[];
  /** By `USD/monthly`. */
  prices: Readonly<Record<string, string>>;
  reward: string;
  megabytes: string;
  validityDays: string;
  countries: string;
}
export type BundleForm = Omit<Bundle, 'minimumProducts' | 'basisPointsOff'> & { minimum: string; percent: string };
export type MemberDiscountForm = Omit<MemberDiscount, 'basisPointsOff'> & { percent: string };

/** A draft as it is typed: every number is text until it is saved. */
export interface DraftForm {
  currencies: { code: Currency; rewardRate: string }[];
  excludedCountries: string;
  products: ProductForm[];
  bundles: BundleForm[];
  memberDiscounts: MemberDiscountForm[];
}

/** What can't be read; the words are `catalogue.invalid.<code>`. */
export type InvalidCode = 'amount' | 'percent' | 'number' | 'rate' | 'countries' | 'name';

/** The name of a field, the same for what is typed wrong and for what the server finds: `product/network_vpn/USD/monthly`. */
export type FieldKey = string;

const bytesPerMegabyte = 1_000_000n;

/** Lays a content out for typing. */
export function toForm(content: CatalogContent): DraftForm {
  return {
    currencies: content.currencies.map(({ code, rewardRate }) => ({ code, rewardRate })),
    excludedCountries: content.excludedCountries.join(', '),
    products: content.products.map(toProductForm),
    bundles: content.bundles.map(({ minimumProducts, basisPointsOff, ...bundle }) => ({
      ...bundle,
      minimum: String(minimumProducts),
      percent: toPercent(basisPointsOff),
    })),
    memberDiscounts: content.memberDiscounts.map(({ basisPointsOff, ...discount }) => ({
      ...discount,
      percent: toPercent(basisPointsOff),
    })),
  };
}

function toProductForm({
  prices,
  rewardBasisPoints,
  dataBytes,
  validityDays,
  countries,
  ...product
}: Product): ProductForm {
  return {
    ...product,
    cycles: billingCycles.filter((cycle) => cycle === product.billing || prices.some((price) => price.cycle === cycle)),
    prices: Object.fromEntries(prices.map(({ unit, cycle, amount }) => [`${unit}/${cycle}`, amount])),
    reward: toPercent(rewardBasisPoints),
    megabytes: dataBytes === null ? '' : toMegabytes(BigInt(dataBytes)),
    validityDays: validityDays === null ? '' : String(validityDays),
    countries: countries?.join(', ') ?? '',
  };
}

/** Hundredths of a per cent as a person writes them: 1033 is "10.33". */
function toPercent(basisPoints: number): string {
  return String(basisPoints / 100);
}

function toMegabytes(bytes: bigint): string {
  const rest = (bytes % bytesPerMegabyte).toString().padStart(6, '0').replace(/0+$/, '');
  const whole = (bytes / bytesPerMegabyte).toString();
  return rest === '' ? whole : `${whole}.${rest}`;
}

/** Reads what was typed. `content` is null while something can't be read; `invalid` says what. */
export function readForm(form: DraftForm): { content: CatalogContent | null; invalid: Map<FieldKey, InvalidCode> } {
  const invalid = new Map<FieldKey, InvalidCode>();
  const read = <T>(key: FieldKey, code: InvalidCode, value: T | null, instead: T): T => {
    if (value === null) invalid.set(key, code);
    return value ?? instead;
  };
  const percent = (key: FieldKey, text: string) => read(`${key}/percent`, 'percent', readPercent(text), 0);
  const content: CatalogContent = {
    currencies: form.currencies.map(({ code, rewardRate }) => ({
      code,
      rewardRate: read(`currency/${code}/rewardRate`, 'rate', readDecimal(rewardRate, 9), '0'),
    })),
    excludedCountries: read('excludedCountries', 'countries', readCountries(form.excludedCountries), []),
    products: form.products.map((product): Product => {
      const key = `product/${product.id}`;
      const countries = read(`${key}/countries`, 'countries', readCountries(product.countries), []);
      const { id, name, kind, billing, oncePerPerson, includesLine, sellable } = product;
      return {
        ...{ id, kind, billing, oncePerPerson, includesLine, sellable },
        name: read(`${key}/name`, 'name', name.trim() === '' ? null : name.trim(), name),
        prices: readPrices(form, product, (price, value) => read(`${key}/${price}`, 'amount', value, '0')),
        rewardBasisPoints: read(`${key}/reward`, 'percent', readPercent(product.reward), 0),
        dataBytes:
          product.megabytes.trim() === ''
            ? null
            : read(`${key}/megabytes`, 'number', readBytes(product.megabytes), '1'),
        validityDays:
          product.validityDays.trim() === ''
            ? null
            : read(`${key}/validityDays`, 'number', readCount(product.validityDays, 1, 3650), 1),
        countries: countries.length === 0 ? null : countries,
      };
    }),
    bundles: form.bundles.map(({ minimum, percent: off, ...bundle }) => ({
      ...bundle,
      minimumProducts: read(`bundle/${bundle.id}/minimum`, 'number', readCount(minimum, 2, 100), 2),
      basisPointsOff: percent(`bundle/${bundle.id}`, off),
    })),
    memberDiscounts: form.memberDiscounts.map(({ percent: off, ...discount }) => ({
      ...discount,
      basisPointsOff: percent(`discount/${discount.id}`, off),
    })),
  };
  const formed = catalogContentSchema.safeParse(content);
  return { content: invalid.size === 0 && formed.success ? formed.data : null, invalid };
}

/** In the order in which the server lists them, so that what was not changed is the same again. */
function readPrices(
  form: DraftForm,
  { billing, cycles, prices }: ProductForm,
  read: (price: string, value: string | null) => string,
): CyclePrice[] {
  if (billing === 'free') return [];
  return billingCycles
    .filter((cycle) => cycles.includes(cycle))
    .flatMap((cycle) =>
      form.currencies.flatMap(({ code }) => {
        const text = (prices[`${code}/${cycle}`] ?? '').trim();
        const price = `${code}/${cycle}`;
        return text === '' ? [] : [{ cycle, unit: code, amount: read(price, readAmount(code, text)) }];
      }),
    );
}

/** A decimal with a point or a comma, as people type it; null when it is none. */
function readDecimal(text: string, decimals: number): string | null {
  const plain = text.trim().replace(',', '.');
  return new RegExp(`^\\d{1,9}(\\.\\d{1,${decimals}})?$`).test(plain) ? plain : null;
}

/** In full, as prices are written: 9 becomes 9.00. More decimals than the currency has are for the server to tell. */
function readAmount(code: Currency, text: string): string | null {
  const plain = readDecimal(text, 4);
  if (plain === null || (plain.split('.')[1] ?? '').length > minorDigits(code)) return plain;
  return toDecimal(code, fromDecimal(code, plain));
}

function readPercent(text: string): number | null {
  const plain = readDecimal(text, 2);
  if (plain === null) return null;
  const basisPoints = Math.round(Number(plain) * 100);
  return basisPoints <= 10_000 ? basisPoints : null;
}

function readCount(text: string, least: number, most: number): number | null {
  const count = /^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : 0;
  return count >= least && count <= most ? count : null;
}

function readBytes(text: string): string | null {
  const plain = readDecimal(text, 6);
  if (plain === null) return null;
  const [whole = '', rest = ''] = plain.split('.');
  const bytes = BigInt(whole) * bytesPerMegabyte + BigInt(rest.padEnd(6, '0'));
  return bytes > 0n ? String(bytes) : null;
}

/** Codes of two letters between commas or spaces; null when something else stands among them. */
function readCountries(text: string): string[] | null {
  const codes = text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter((code) => code !== '');
  return codes.every((code) => /^[A-Z]{2}$/.test(code)) ? codes : null;
}
