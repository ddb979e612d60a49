import type { CatalogContent } from '../../shared/api/catalog-content.ts';
import type { ContentChange } from '../../shared/api/catalog-versions.ts';
import { fromDecimal, toDecimal, type Currency } from '../../shared/money.ts';

type Area = ContentChange['area'];
type Fields = ReadonlyMap<string, string>;

/**
 * What becomes different when `to` follows `from`: one entry for each field of each part, so that an operator reads all of it before it
 * is published. A part that comes or goes has all its fields from or to null. The order in which things are shown is told too. Empty
 * for contents that say the same.
 */
export function compareContent(from: CatalogContent, to: CatalogContent): ContentChange[] {
  return [
    ...compareParts('currency', currencyParts(from), currencyParts(to)),
    ...compareParts('countries', countryParts(from), countryParts(to)),
    ...compareParts('product', productParts(from), productParts(to)),
    ...compareParts('price', priceParts(from), priceParts(to)),
    ...compareParts('bundle', plainParts(from.bundles), plainParts(to.bundles)),
    ...compareParts('member_discount', plainParts(from.memberDiscounts), plainParts(to.memberDiscounts)),
  ];
}

type Parts = ReadonlyMap<string, Fields>;

function compareParts(area: Area, from: Parts, to: Parts): ContentChange[] {
  const ids = [...new Set([...from.keys(), ...to.keys()])];
  return ids.flatMap((id) => compareFields(area, id, from.get(id), to.get(id)));
}

function compareFields(area: Area, id: string, from: Fields | undefined, to: Fields | undefined): ContentChange[] {
  const fields = [...new Set([...(from?.keys() ?? []), ...(to?.keys() ?? [])])];
  return fields.flatMap((field) => {
    const change = { from: from?.get(field) ?? null, to: to?.get(field) ?? null };
    return change.from === change.to ? [] : [{ area, id, field, ...change }];
  });
}

function currencyParts({ currencies }: CatalogContent): Parts {
  return new Map(
    currencies.map(({ code, rewardRate }, position) => [code, fieldsOf({ rewardRate, position: position + 1 })]),
  );
}

function countryParts({ excludedCountries }: CatalogContent): Parts {
  return new Map([['', fieldsOf({ excluded: excludedCountries.toSorted() })]]);
}

function productParts({ products }: CatalogContent): Parts {
  return new Map(
    products.map(({ id, prices: _prices, countries, ...product }, position) => [
      id,
      fieldsOf({ ...product, countries: countries?.toSorted() ?? 'everywhere', position: position + 1 }),
    ]),
  );
}

function priceParts({ products }: CatalogContent): Parts {
  return new Map(
    products.map(({ id, prices }) => [
      id,
      new Map(prices.map(({ unit, cycle, amount }) => [`${unit}/${cycle}`, `${inFull(unit, amount)} ${unit}`])),
    ]),
  );
}

/** With all decimals of its currency: 9 and 9.00 are one price. An amount that is none stays as it was typed. */
function inFull(unit: Currency, amount: string): string {
  try {
    return toDecimal(unit, fromDecimal(unit, amount));
  } catch {
    return amount;
  }
}

function plainParts(parts: readonly ({ id: string } & Record<string, string | number>)[]): Parts {
  return new Map(parts.map(({ id, ...part }, position) => [id, fieldsOf({ ...part, position: position + 1 })]));
}

/** What is not there (null) is no field; an empty list is one that is empty. */
function fieldsOf(part: Record<string, string | number | boolean | null | readonly string[]>): Fields {
  const fields = Object.entries(part).filter(([, value]) => value !== null);
  return new Map(fields.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]));
}
