import { add, minor, type Amount, type Currency } from '../../shared/money.ts';
import type { PricedProduct, PricingCatalog, Promotion } from './catalog.ts';

/** A line before any discount. */
export interface FullLine {
  readonly product: PricedProduct;
  readonly full: Amount<Currency>;
}

/** Why something is taken off. The client turns `kind`, `id` and the numbers into a sentence. */
export interface DiscountReason {
  readonly kind: 'bundle' | 'member' | 'promotion';
  /** The bundle's or member discount's id, or the promotion's code. */
  readonly id: string;
  /** Null for a fixed amount. */
  readonly basisPoints: number | null;
}

/** Something that may be taken off, with the lines that it is taken from (by index) and whether it comes again at renewal. */
export interface DiscountOffer {
  readonly reason: DiscountReason;
  readonly amount: Amount<Currency>;
  readonly lines: readonly number[];
  readonly recurs: boolean;
}

const wholeBasisPoints = 10_000n;

/** Everything that may be taken off these lines. What takes nothing off is left out. */
export function discountOffers(
  catalog: Pick<PricingCatalog, 'bundles' | 'memberDiscounts'>,
  lines: readonly FullLine[],
  request: { currency: Currency; membershipId: string | null; promotion: Promotion | null },
): DiscountOffer[] {
  return [
    ...bundleOffers(catalog, lines, request.currency),
    ...memberOffers(catalog, lines, request.currency, request.membershipId),
    ...promotionOffers(lines, request.currency, request.promotion),
  ].filter((offer) => offer.amount > 0n);
}

/** The offer that takes most off; among equals one that recurs, then the first by kind and id. Null without offers. */
export function bestOffer(offers: readonly DiscountOffer[]): DiscountOffer | null {
  let best: DiscountOffer | null = null;
  for (const offer of offers) if (best === null || isBetter(offer, best)) best = offer;
  return best;
}

function isBetter(a: DiscountOffer, b: DiscountOffer): boolean {
  if (a.amount !== b.amount) return a.amount > b.amount;
  if (a.recurs !== b.recurs) return a.recurs;
  return nameOf(a) < nameOf(b);
}

function nameOf({ reason }: DiscountOffer): string {
  return `${reason.kind}/${reason.id}`;
}

function bundleOffers(
  { bundles }: Pick<PricingCatalog, 'bundles'>,
  lines: readonly FullLine[],
  currency: Currency,
): DiscountOffer[] {
  return bundles.flatMap((bundle) => {
    const members = indexesWhere(lines, ({ product, full }) => product.kind === bundle.kind && full > 0n);
    const different = new Set(members.map((index) => lines[index]?.product.id));
    if (different.size < bundle.minimumProducts) return [];
    const reason = { kind: 'bundle', id: bundle.id, basisPoints: bundle.basisPointsOff } as const;
    return [percentageOff(lines, members, currency, reason, bundle.basisPointsOff, true)];
  });
}

function memberOffers(
  { memberDiscounts }: Pick<PricingCatalog, 'memberDiscounts'>,
  lines: readonly FullLine[],
  currency: Currency,
  membershipId: string | null,
): DiscountOffer[] {
  return memberDiscounts
    .filter((discount) => discount.membershipId === membershipId)
    .map((discount) => {
      const members = indexesWhere(lines, ({ product }) => product.kind === discount.kind);
      const reason = { kind: 'member', id: discount.id, basisPoints: discount.basisPointsOff } as const;
      return percentageOff(lines, members, currency, reason, discount.basisPointsOff, true);
    });
}

function promotionOffers(lines: readonly FullLine[], currency: Currency, promotion: Promotion | null): DiscountOffer[] {
  if (!promotion) return [];
  const { productIds, off, code } = promotion;
  const members = indexesWhere(lines, ({ product }) => productIds?.includes(product.id) ?? true);
  if ('basisPoints' in off) {
    const reason = { kind: 'promotion', id: code, basisPoints: off.basisPoints } as const;
    return [percentageOff(lines, members, currency, reason, off.basisPoints, false)];
  }
  const sum = sumOf(lines, members, currency);
  const wanted = off.minor[currency] ?? 0n;
  const amount = minor(currency, wanted < sum ? wanted : sum);
  return [{ reason: { kind: 'promotion', id: code, basisPoints: null }, amount, lines: members, recurs: false }];
}

function percentageOff(
  lines: readonly FullLine[],
  members: readonly number[],
  currency: Currency,
  reason: DiscountReason,
  basisPoints: number,
  recurs: boolean,
): DiscountOffer {
  const sum = sumOf(lines, members, currency);
  const amount = minor(currency, (sum * BigInt(basisPoints)) / wholeBasisPoints);
  return { reason, amount, lines: members, recurs };
}

function sumOf(lines: readonly FullLine[], members: readonly number[], currency: Currency): Amount<Currency> {
  let sum = minor(currency, 0n);
  for (const index of members) sum = add(sum, lines[index]?.full ?? minor(currency, 0n));
  return sum;
}

function indexesWhere(lines: readonly FullLine[], matches: (line: FullLine) => boolean): number[] {
  const indexes: number[] = [];
  for (const [index, line] of lines.entries()) if (matches(line)) indexes.push(index);
  return indexes;
}
