import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCurrency, minor, minorDigits, type Currency } from '../../shared/money.ts';
import { creditChoice, creditCost, creditToReturn, creditWorth } from './credit.ts';

const one = { numerator: 1n, denominator: 1n };
const canadian = { numerator: 73n, denominator: 100n };

describe('the price of credit', () => {
  it.each([
    { currency: 'USD', amount: 1n, rate: one, wei: 10_000_000_000_000_000n },
    { currency: 'USD', amount: 2000n, rate: one, wei: 20_000_000_000_000_000_000n },
    { currency: 'CAD', amount: 100n, rate: canadian, wei: 730_000_000_000_000_000n },
    { currency: 'CAD', amount: 2799n, rate: canadian, wei: 20_432_700_000_000_000_000n },
    { currency: 'JPY', amount: 1n, rate: { numerator: 67n, denominator: 10_000n }, wei: 6_700_000_000_000_000n },
    { currency: 'USD', amount: 1n, rate: { numerator: 1n, denominator: 3n }, wei: 3_333_333_333_333_334n },
    { currency: 'USD', amount: 0n, rate: one, wei: 0n },
  ])('$amount minor units of $currency cost $wei wei', ({ currency: code, amount, rate, wei }) => {
    const currency = asCurrency(code);
    expect(creditCost({ amount: minor(currency, amount), currency, rate })).toBe(wei);
    expect(creditWorth({ tokens: minor('DOTM', wei), currency, rate })).toBe(amount);
  });

  const rates = fc.record({
    numerator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    denominator: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  });
  const currencies = fc.constantFrom<Currency>('USD', 'CAD', asCurrency('JPY'), asCurrency('KWD'));
  const amounts = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const tokens = fc.bigInt({ min: 0n, max: 10n ** 30n });

  it('gives back the very amount that was paid for: a cent bought is a cent', () => {
    fc.assert(
      fc.property(currencies, rates, amounts, (currency, rate, amount) => {
        const cost = creditCost({ amount: minor(currency, amount), currency, rate });
        expect(creditWorth({ tokens: cost, currency, rate })).toBe(amount);
      }),
    );
  });

  it('never takes more tokens for what tokens are worth than there are', () => {
    fc.assert(
      fc.property(currencies, rates, tokens, (currency, rate, wei) => {
        const worth = creditWorth({ tokens: minor('DOTM', wei), currency, rate });
        const cost = creditCost({ amount: worth, currency, rate });
        expect(cost <= wei).toBe(true);
        // One minor unit more could not have been paid for.
        expect(creditCost({ amount: minor(currency, worth + 1n), currency, rate }) > wei).toBe(true);
      }),
    );
  });

  it('is exact but for less than one wei, which the member pays', () => {
    fc.assert(
      fc.property(currencies, rates, amounts, (currency, rate, amount) => {
        const cost = creditCost({ amount: minor(currency, amount), currency, rate });
        const whole = rate.denominator * 10n ** BigInt(minorDigits(currency));
        const rest = cost * whole - amount * rate.numerator * 10n ** 18n;
        expect(rest >= 0n && rest < whole).toBe(true);
      }),
    );
  });

  it('is never less in two parts than at once', () => {
    fc.assert(
      fc.property(currencies, rates, amounts, amounts, (currency, rate, a, b) => {
        const cost = (amount: bigint) => creditCost({ amount: minor(currency, amount), currency, rate });
        expect(cost(a) + cost(b) >= cost(a + b)).toBe(true);
        expect(cost(a) + cost(b) - cost(a + b) <= 1n).toBe(true);
      }),
    );
  });

  it('refuses what is no amount, no tokens and no rate', () => {
    const usd = { currency: 'USD', rate: one } as const;
    expect(() => creditCost({ ...usd, amount: minor('USD', -1n) })).toThrow(RangeError);
    expect(() => creditWorth({ ...usd, tokens: minor('DOTM', -1n) })).toThrow(RangeError);
    for (const rate of [
      { numerator: 0n, denominator: 1n },
      { numerator: 1n, denominator: 0n },
    ]) {
      expect(() => creditCost({ ...usd, rate, amount: minor('USD', 1n) })).toThrow(RangeError);
      expect(() => creditWorth({ ...usd, rate, tokens: minor('DOTM', 1n) })).toThrow(RangeError);
    }
  });
});

describe('what credit can pay', () => {
  const choose = (due: bigint, worth: bigint) => {
    const { most, mostInPart } = creditChoice({
      due: minor('USD', due),
      worth: minor('USD', worth),
      smallest: minor('USD', 50n),
    });
    return { most, mostInPart };
  };

  it('is all of it, or so much that what is left can be charged', () => {
    expect(choose(2000n, 5000n)).toEqual({ most: 2000n, mostInPart: 1950n });
    expect(choose(2000n, 2000n)).toEqual({ most: 2000n, mostInPart: 1950n });
    expect(choose(2000n, 1999n)).toEqual({ most: 1950n, mostInPart: 1950n });
    expect(choose(2000n, 700n)).toEqual({ most: 700n, mostInPart: 700n });
    expect(choose(2000n, 0n)).toEqual({ most: 0n, mostInPart: 0n });
  });

  it('is all or nothing where the price is the smallest charge or less', () => {
    expect(choose(50n, 49n)).toEqual({ most: 0n, mostInPart: 0n });
    expect(choose(50n, 50n)).toEqual({ most: 50n, mostInPart: 0n });
    expect(choose(20n, 100n)).toEqual({ most: 20n, mostInPart: 0n });
    expect(choose(0n, 100n)).toEqual({ most: 0n, mostInPart: 0n });
  });
});

describe('credit that comes back', () => {
  it('comes back in any parts of the money, never more than its share, and whole with the last of it', () => {
    const history = fc.record({
      credit: fc.bigInt({ min: 1n, max: 10n ** 24n }),
      parts: fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(history, ({ credit: wei, parts }) => {
        const credit = minor('DOTM', wei);
        const total = parts.reduce((sum, part) => sum + part, 0n);
        let refunded = 0n;
        let before = 0n;
        for (const part of parts) {
          refunded += part;
          const back = creditToReturn({ credit, refunded, total });
          expect(back >= before).toBe(true);
          expect(back * total <= wei * refunded).toBe(true);
          before = back;
        }
        expect(before).toBe(wei);
      }),
    );
  });

  it('comes back whole where no money was paid', () => {
    expect(creditToReturn({ credit: minor('DOTM', 7n), refunded: 0n, total: 0n })).toBe(7n);
  });

  it('has no share of sums that contradict each other', () => {
    const credit = minor('DOTM', 7n);
    expect(() => creditToReturn({ credit, refunded: 2n, total: 1n })).toThrow(RangeError);
    expect(() => creditToReturn({ credit, refunded: -1n, total: 1n })).toThrow(RangeError);
    expect(() => creditToReturn({ credit: minor('DOTM', -7n), refunded: 0n, total: 1n })).toThrow(RangeError);
  });
});
