import { z } from 'zod';
import {
  add,
  currencyPattern,
  isCurrency,
  minor,
  subtract,
  times,
  type Amount,
  type Currency,
} from '../../shared/money.ts';
import type { BillingCycle } from './catalog.ts';
import type { DiscountReason } from './discounts.ts';
import type { PricedBasket } from './price-basket.ts';

/** How long a quote is honoured. */
export const quoteMinutes = 30;

/** One line as it was quoted, in minor units of the quote's currency. */
export interface QuotedLine {
  readonly productId: string;
  readonly cycle: BillingCycle;
  readonly quantity: number;
  readonly unit: Amount<Currency>;
  /** What is taken off now, and at each renewal; at most unit x quantity. */
  readonly discount: Amount<Currency>;
  readonly renewalDiscount: Amount<Currency>;
}

/**
 * A price that somebody was told and that we keep to. It names no person: `membershipId` is what the buyer was taken to hold, and who
 * redeems the quote has to hold it.
 */
export interface Quote {
  readonly catalogVersion: number;
  readonly currency: Currency;
  readonly country: string | null;
  readonly membershipId: string | null;
  /** The code that was asked with, whether or not it was the best discount. */
  readonly promotionCode: string | null;
  /** At least one, sorted as the pricing engine sorts them. */
  readonly lines: readonly QuotedLine[];
  readonly discount: DiscountReason | null;
  readonly renewalDiscount: DiscountReason | null;
  /** Whole seconds. */
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Makes the quote of a price. `now` is cut to whole seconds. */
export function quoteOf(
  priced: PricedBasket,
  asked: { country: string | null; membershipId: string | null; promotionCode: string | null },
  now: Date,
): Quote {
  const issuedAt = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return {
    catalogVersion: priced.catalogVersion,
    currency: priced.currency,
    country: asked.country,
    membershipId: asked.membershipId,
    promotionCode: asked.promotionCode,
    lines: priced.lines.map(({ productId, cycle, quantity, unit, discount, renewalDiscount }) => ({
      productId,
      cycle,
      quantity,
      unit,
      discount,
      renewalDiscount,
    })),
    discount: priced.discount?.reason ?? null,
    renewalDiscount: priced.renewalDiscount?.reason ?? null,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + quoteMinutes * 60_000),
  };
}

/** What a quoted line costs now: unit x quantity, less the discount. */
export function quotedTotal(line: QuotedLine): Amount<Currency> {
  return subtract(times(line.unit, BigInt(line.quantity)), line.discount);
}

/** What a quote costs now, before tax. */
export function quotedDueNow({ currency, lines }: Pick<Quote, 'currency' | 'lines'>): Amount<Currency> {
  return add(minor(currency, 0n), ...lines.map(quotedTotal));
}

// The letters of a token are paid for by everybody who passes a link on: names are short, and what is nothing is left out.
const cycleLetters = { one_time: 'o', monthly: 'm', annual: 'a' } as const satisfies Record<BillingCycle, string>;
const cycleOfLetter = { o: 'one_time', m: 'monthly', a: 'annual' } as const;

/** Counted in minor units: a price above 2^53 of them is none. */
const minorUnits = z.int().min(0);
const reason = z.tuple([
  z.enum(['bundle', 'member', 'promotion']),
  z.string().min(1).max(64),
  z.int().min(0).max(10_000).nullable(),
]);
const line = z.tuple([
  z.string().regex(/^[a-z0-9_]{2,40}$/),
  z.enum(['o', 'm', 'a']),
  z.int().min(1),
  minorUnits, // unit
  minorUnits, // discount
  minorUnits, // total
  minorUnits, // discount at renewal
]);

/** The claims of a quote's token. `f` is the form of what follows, so that an older token is told from a broken one. */
export const quotePayloadSchema = z.strictObject({
  f: z.literal(1),
  v: z.int().min(1),
  c: z.string().regex(currencyPattern),
  l: z.array(line).min(1).max(20),
  t: minorUnits,
  d: reason.optional(),
  r: reason.optional(),
  m: z
    .string()
    .regex(/^[a-z0-9_]{2,40}$/)
    .optional(),
  p: z.string().min(1).max(64).optional(),
  a: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  iat: z.int().min(0),
  exp: z.int().min(0),
});
export type QuotePayload = z.infer<typeof quotePayloadSchema>;

/** Writes a quote as the claims of its token. */
export function encodeQuote(quote: Quote): QuotePayload {
  return {
    f: 1,
    v: quote.catalogVersion,
    c: quote.currency,
    l: quote.lines.map((each) => [
      each.productId,
      cycleLetters[each.cycle],
      each.quantity,
      claimOf(each.unit),
      claimOf(each.discount),
      claimOf(quotedTotal(each)),
      claimOf(each.renewalDiscount),
    ]),
    t: claimOf(quotedDueNow(quote)),
    ...(quote.discount === null ? {} : { d: reasonClaim(quote.discount) }),
    ...(quote.renewalDiscount === null ? {} : { r: reasonClaim(quote.renewalDiscount) }),
    ...(quote.membershipId === null ? {} : { m: quote.membershipId }),
    ...(quote.promotionCode === null ? {} : { p: quote.promotionCode }),
    ...(quote.country === null ? {} : { a: quote.country }),
    iat: quote.issuedAt.getTime() / 1000,
    exp: quote.expiresAt.getTime() / 1000,
  };
}

/** JSON numbers are exact up to 2^53; what is dearer has no quote. */
function claimOf(amount: Amount<Currency>): number {
  if (amount > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${amount} minor units are too many for a quote`);
  return Number(amount);
}

/** Reads the claims of a token. Null unless they are a quote whose lines add up to its total. */
export function decodeQuote(claims: unknown): Quote | null {
  const parsed = quotePayloadSchema.safeParse(claims);
  if (!parsed.success || !isCurrency(parsed.data.c)) return null;
  const { data } = parsed;
  const currency = parsed.data.c;
  const lines = data.l.map(([productId, letter, quantity, unit, discount, , renewalDiscount]): QuotedLine => ({
    productId,
    cycle: cycleOfLetter[letter],
    quantity,
    unit: minor(currency, BigInt(unit)),
    discount: minor(currency, BigInt(discount)),
    renewalDiscount: minor(currency, BigInt(renewalDiscount)),
  }));
  const quote: Quote = {
    catalogVersion: data.v,
    currency,
    country: data.a ?? null,
    membershipId: data.m ?? null,
    promotionCode: data.p ?? null,
    lines,
    discount: data.d ? reasonOf(data.d) : null,
    renewalDiscount: data.r ? reasonOf(data.r) : null,
    issuedAt: new Date(data.iat * 1000),
    expiresAt: new Date(data.exp * 1000),
  };
  return addsUp(quote, data) ? quote : null;
}

function addsUp(quote: Quote, claims: QuotePayload): boolean {
  const isSound = quote.lines.every((each, index) => {
    const full = times(each.unit, BigInt(each.quantity));
    const total = quotedTotal(each);
    return total >= 0n && each.renewalDiscount <= full && total === BigInt(claims.l[index]?.[5] ?? -1);
  });
  return isSound && quotedDueNow(quote) === BigInt(claims.t) && claims.exp > claims.iat;
}

function reasonClaim({ kind, id, basisPoints }: DiscountReason): [DiscountReason['kind'], string, number | null] {
  return [kind, id, basisPoints];
}

function reasonOf([kind, id, basisPoints]: z.infer<typeof reason>): DiscountReason {
  return { kind, id, basisPoints };
}
