import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCurrency, minor, minorDigits } from '../../shared/money.ts';
import { purchaseReward } from './purchase-reward.ts';

/** 1 DOTM per 1.00 USD, 0.73 DOTM per 1.00 CAD: the rates of the golden values. */
const rates = { USD: { numerator: 1n, denominator: 1n }, CAD: { numerator: 73n, denominator: 100n } };

describe('purchaseReward', () => {
  it.each([
    { currency: 'USD', cents: 2000n, basisPoints: 1033, wei: 2_066_000_000_000_000_000n },
    { currency: 'USD', cents: 100n, basisPoints: 1033, wei: 103_300_000_000_000_000n },
    { currency: 'USD', cents: 6600n, basisPoints: 1033, wei: 6_817_800_000_000_000_000n },
    { currency: 'USD', cents: 500n, basisPoints: 500, wei: 250_000_000_000_000_000n },
    { currency: 'CAD', cents: 2799n, basisPoints: 1033, wei: 2_110_697_910_000_000_000n },
    { currency: 'USD', cents: 0n, basisPoints: 1033, wei: 0n },
    { currency: 'USD', cents: 2000n, basisPoints: 0, wei: 0n },
  ] as const)(
    '$cents cents $currency at $basisPoints basis points earn $wei wei',
    ({ currency, cents, basisPoints, wei }) => {
      expect(purchaseReward({ paid: minor(currency, cents), currency, basisPoints, rate: rates[currency] })).toBe(wei);
    },
  );

  const purchases = fc.record({
    currency: fc.constantFrom('USD' as const, 'CAD' as const, asCurrency('JPY'), asCurrency('KWD')),
    cents: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    basisPoints: fc.integer({ min: 0, max: 10_000 }),
    rate: fc.record({
      numerator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
      denominator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    }),
  });

  it('is the exact product, rounded down by less than one wei', () => {
    fc.assert(
      fc.property(purchases, ({ currency, cents, basisPoints, rate }) => {
        const wei = purchaseReward({ paid: minor(currency, cents), currency, basisPoints, rate });
        const exact = cents * BigInt(basisPoints) * 10n ** 18n * rate.numerator;
        const whole = 10n ** BigInt(minorDigits(currency)) * 10_000n * rate.denominator;
        const rest = exact - wei * whole;
        expect(rest >= 0n && rest < whole).toBe(true);
      }),
    );
  });

  it('two purchases never earn more than one purchase of their sum', () => {
    fc.assert(
      fc.property(
        purchases,
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        ({ currency, cents, basisPoints, rate }, more) => {
          const earn = (value: bigint) => purchaseReward({ paid: minor(currency, value), currency, basisPoints, rate });
          expect(earn(cents) + earn(more) <= earn(cents + more)).toBe(true);
        },
      ),
    );
  });

  it('refuses what is no payment, percentage or rate', () => {
    const good = { paid: minor('USD', 100n), currency: 'USD', basisPoints: 1033, rate: rates.USD } as const;
    expect(() => purchaseReward({ ...good, paid: minor('USD', -1n) })).toThrow(RangeError);
    for (const basisPoints of [-1, 10_001, 10.5, Number.NaN])
      expect(() => purchaseReward({ ...good, basisPoints })).toThrow(RangeError);
    expect(() => purchaseReward({ ...good, rate: { numerator: 0n, denominator: 1n } })).toThrow(RangeError);
    expect(() => purchaseReward({ ...good, rate: { numerator: 1n, denominator: 0n } })).toThrow(RangeError);
  });
});
