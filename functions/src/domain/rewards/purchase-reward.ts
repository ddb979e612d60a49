import { minor, minorDigits, type Amount, type Currency } from '../../shared/money.ts';

/** Tokens per whole unit of currency, as a fraction: no rate is ever a float. */
export interface RewardRate {
  numerator: bigint;
  denominator: bigint;
}

/** Wei in one DOTM. */
export const weiPerToken = 10n ** 18n;
const basisPointsPerWhole = 10_000n;
/** How many parts a whole has whose smallest unit is so many decimals away: a power is computed once. */
const scales = Array.from({ length: 5 }, (_, digits) => 10n ** BigInt(digits) * basisPointsPerWhole);

/**
 * What a purchase earns, in wei: `cents x basisPoints x 10^18 x rate / (100 x 10 000)` for a currency of two decimals, rounded down once, at the end. `paid` is what
 * was really paid for the goods: without tax, shipping or a refunded part. Throws RangeError for a negative payment, basis points
 * that are no whole number from 0 to 10 000, and a rate that is not above zero.
 */
export function purchaseReward(purchase: {
  paid: Amount<Currency>;
  currency: Currency;
  basisPoints: number;
  rate: RewardRate;
}): Amount<'DOTM'> {
  const { paid, currency, basisPoints, rate } = purchase;
  if (paid < 0n) throw new RangeError(`paid must not be negative, got ${String(paid)} minor units`);
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > 10_000) {
    throw new RangeError(`reward must be 0 to 10000 basis points, got ${String(basisPoints)}`);
  }
  requireRate(rate);
  const wei = (paid * BigInt(basisPoints) * weiPerToken * rate.numerator) / (scaleOf(currency) * rate.denominator);
  return minor('DOTM', wei);
}

/** Throws RangeError for a rate that is not above zero. */
export function requireRate({ numerator, denominator }: RewardRate): void {
  if (numerator <= 0n || denominator <= 0n) {
    throw new RangeError(`reward rate must be above zero, got ${String(numerator)}/${String(denominator)}`);
  }
}

/** Minor units in a whole unit of `currency`, times basis points in a whole. ISO 4217 knows no more than four decimals. */
function scaleOf(currency: Currency): bigint {
  const digits = minorDigits(currency);
  return scales[digits] ?? 10n ** BigInt(digits) * basisPointsPerWhole;
}
