import { minor, type Amount, type Currency } from '../../shared/money.ts';

/** Tokens per whole unit of currency, as a fraction: no rate is ever a float. */
export interface RewardRate {
  numerator: bigint;
  denominator: bigint;
}

/** Rates of a fresh installation: 1 DOTM per 1.00 USD, 0.73 DOTM per 1.00 CAD. */
export const seedRewardRates: Readonly<Record<Currency, RewardRate>> = {
  USD: { numerator: 1n, denominator: 1n },
  CAD: { numerator: 73n, denominator: 100n },
};

const weiPerToken = 10n ** 18n;
const centsPerUnit = 100n;
const basisPointsPerWhole = 10_000n;

/**
 * What a purchase earns, in wei: `cents x basisPoints x 10^18 x rate / (100 x 10 000)`, rounded down once, at the end. `paid` is what
 * was really paid for the goods: without tax, shipping or a refunded part. Throws RangeError for a negative payment, basis points
 * that are no whole number from 0 to 10 000, and a rate that is not above zero.
 */
export function purchaseReward(purchase: {
  paid: Amount<Currency>;
  currency: Currency;
  basisPoints: number;
  rate?: RewardRate;
}): Amount<'DOTM'> {
  const { paid, currency, basisPoints, rate = seedRewardRates[currency] } = purchase;
  if (paid < 0n) throw new RangeError(`paid must not be negative, got ${String(paid)} cents`);
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > 10_000) {
    throw new RangeError(`reward must be 0 to 10000 basis points, got ${String(basisPoints)}`);
  }
  if (rate.numerator <= 0n || rate.denominator <= 0n) {
    throw new RangeError(`reward rate must be above zero, got ${String(rate.numerator)}/${String(rate.denominator)}`);
  }
  const wei =
    (paid * BigInt(basisPoints) * weiPerToken * rate.numerator) /
    (centsPerUnit * basisPointsPerWhole * rate.denominator);
  return minor('DOTM', wei);
}
