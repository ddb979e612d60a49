import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  add,
  asCurrency,
  asUnit,
  fromDecimal,
  fromMoney,
  minor,
  minorDigits,
  negate,
  shareRoundedDown,
  subtract,
  times,
  toDecimal,
  toMoney,
  type Amount,
  type Currency,
  type Unit,
} from './money.ts';
import { moneySchema, priceSchema } from './money-schemas.ts';

const currencies = ['USD', 'CAD', 'EUR', 'JPY', 'KWD'].map(asCurrency);
const unit = fc.constantFrom<Unit>(...currencies, 'DOTM', 'BYTE');
const value = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n });

describe('decimal strings', () => {
  it.each([
    ['USD', 2000n, '20.00'],
    ['USD', 5n, '0.05'],
    ['CAD', -139n, '-1.39'],
    ['DOTM', 2_066_000_000_000_000_000n, '2.066000000000000000'],
    ['DOTM', 1n, '0.000000000000000001'],
    ['BYTE', 1_000_000_000n, '1000000000'],
    ['BYTE', 0n, '0'],
  ] as const)('%s %s is written %s and read back', (name, amount, text) => {
    expect(toDecimal(name, amount)).toBe(text);
    expect(fromDecimal(name, text)).toBe(amount);
  });

  it('lose nothing, whatever the unit and size', () => {
    fc.assert(
      fc.property(unit, value, (name, amount) => {
        expect(fromDecimal(name, toDecimal(name, amount))).toBe(amount);
        expect(fromMoney(toMoney(name, amount))).toBe(amount);
        expect(moneySchema.safeParse(toMoney(name, amount)).success).toBe(true);
      }),
    );
  });

  it('may leave out decimals that are zero, and never have more than their unit', () => {
    expect(fromDecimal('USD', '20')).toBe(2000n);
    expect(fromDecimal('USD', '20.5')).toBe(2050n);
    fc.assert(
      fc.property(unit, (name) => {
        expect(() => fromDecimal(name, `1.${'0'.repeat(minorDigits(name) + 1)}`)).toThrow(RangeError);
      }),
    );
  });

  it.each(['', '.', '1.', '.5', '+1', '1e3', ' 1', '1,00', '0x10', '--1', 'NaN', '1.0.0', '١'])(
    '%j is no amount',
    (text) => {
      expect(() => fromDecimal('USD', text)).toThrow(RangeError);
    },
  );
});

describe('arithmetic', () => {
  it('adds, subtracts and turns around without loss', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [minor('USD', a), minor('USD', b)];
        expect(subtract(add(x, y), y)).toBe(a);
        expect(add(x, negate(x))).toBe(0n);
        expect(times(x, 3n)).toBe(add(x, x, x));
      }),
    );
  });

  it('shares never add up to more than the whole and miss less than one minor unit each', () => {
    const parts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), parts, (amount, sizes) => {
        const whole = sizes.reduce((sum, size) => sum + size, 0n);
        fc.pre(whole > 0n);
        const shares = sizes.map((size) => shareRoundedDown(minor('DOTM', amount), size, whole));
        const missing = amount - add(...shares);
        expect(missing >= 0n && missing < BigInt(sizes.length)).toBe(true);
      }),
    );
  });

  it('a share is between nothing and the whole', () => {
    const amount = minor('USD', 100n);
    expect(shareRoundedDown(amount, 3n, 3n)).toBe(100n);
    for (const [part, whole] of [
      [1n, 0n],
      [-1n, 3n],
      [4n, 3n],
    ] as const) {
      expect(() => shareRoundedDown(amount, part, whole)).toThrow(RangeError);
    }
  });
});

describe('currencies', () => {
  it('count in the decimals of ISO 4217', () => {
    expect(toDecimal(asCurrency('JPY'), 2000n)).toBe('2000');
    expect(toDecimal(asCurrency('EUR'), 2000n)).toBe('20.00');
    expect(toDecimal(asCurrency('KWD'), 2000n)).toBe('2.000');
  });

  it.each(['', 'usd', 'US', 'EURO', 'DOTM', 'BYTE', 'U D', 'ÉUR'])('%j is none', (text) => {
    expect(() => asCurrency(text)).toThrow(RangeError);
    expect(priceSchema.safeParse({ unit: text, amount: '1' }).success).toBe(false);
  });

  it('tokens and data are units and no currencies', () => {
    expect(['DOTM', 'BYTE', 'EUR'].map(asUnit)).toEqual(['DOTM', 'BYTE', 'EUR']);
    expect(() => asUnit('dotm')).toThrow(RangeError);
  });

  it('an amount of tokens or data is never taken for money, nor money for another kind of money', () => {
    expectTypeOf<Amount<'DOTM'>>().not.toExtend<Amount<Currency>>();
    expectTypeOf<Amount<'BYTE'>>().not.toExtend<Amount<Currency>>();
    expectTypeOf<Amount<'USD'>>().not.toExtend<Amount<'CAD'>>();
    expectTypeOf<Amount<'USD'>>().toExtend<Amount<Currency>>();
    expectTypeOf<string>().not.toExtend<Currency>();
  });
});
