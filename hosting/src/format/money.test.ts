import { describe, expect, test } from 'vitest';
import { bytesOf, formatBasisPoints, formatData, formatPrice, formatTokens, percentLeft } from './money.ts';

/** `Intl` separates with several kinds of no-break space; a reader sees a space. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

describe('prices', () => {
  test('US and Canadian dollars cannot be taken for each other, in either language', () => {
    const usd = { unit: 'USD', amount: '20.00' } as const;
    const cad = { unit: 'CAD', amount: '27.99' } as const;
    expect([formatPrice(usd, 'en'), formatPrice(cad, 'en')]).toEqual(['$20.00', 'CA$27.99']);
    expect([formatPrice(usd, 'fr'), formatPrice(cad, 'fr')].map(plain)).toEqual(['20,00 $US', '27,99 $CA']);
  });

  test('a price tag drops empty cents and keeps others', () => {
    expect(formatPrice({ unit: 'USD', amount: '20.00' }, 'en', 'short')).toBe('$20');
    expect(formatPrice({ unit: 'USD', amount: '99.99' }, 'en', 'short')).toBe('$99.99');
  });

  test('an amount beyond the precision of numbers is written exactly', () => {
    expect(formatPrice({ unit: 'USD', amount: '9007199254740993.01' }, 'en')).toBe('$9,007,199,254,740,993.01');
  });
});

describe('tokens', () => {
  const tokens = (amount: string) => plain(formatTokens({ unit: 'DOTM', amount }, 'en'));

  test('the golden rewards of the catalogue read as they were computed', () => {
    expect(tokens('2.066000000000000000')).toBe('2.066 DOTM');
    expect(tokens('0.1033')).toBe('0.1033 DOTM');
    expect(tokens('6.8178')).toBe('6.8178 DOTM');
  });

  test('nobody is shown more than there is', () => {
    expect(tokens('1.999999999999999999')).toBe('1.9999 DOTM');
  });

  test('the smallest reward is not shown as nothing, and nothing is zero', () => {
    expect(tokens('0.000000000000000001')).toBe('< 0.0001 DOTM');
    expect(tokens('0.000000000000000000')).toBe('0 DOTM');
  });

  test('a reversal keeps its sign', () => {
    expect(tokens('-2.066')).toBe('-2.066 DOTM');
  });
});

describe('data', () => {
  const volume = (bytes: bigint) => plain(formatData(bytes, 'en'));

  test('volumes are counted as carriers count them', () => {
    expect(volume(10_000_000_000n)).toBe('10 GB');
    expect(plain(formatData(10_000_000_000n, 'fr'))).toBe('10 Go');
    expect(volume(1_000_000_000n)).toBe('1 GB');
    expect(volume(999_999_999n)).toBe('999 MB');
    expect(volume(0n)).toBe('0 MB');
  });

  test('what is left is never rounded up', () => {
    expect(volume(7_349_999_999n)).toBe('7.34 GB');
  });

  test('a gauge stays between empty and full, also before any data was granted', () => {
    const bytes = (amount: string) => ({ unit: 'BYTE', amount }) as const;
    expect(percentLeft(bytes('2500'), bytes('10000'))).toBe(25);
    expect(percentLeft(bytes('0'), bytes('0'))).toBe(0);
    expect(percentLeft(bytes('11'), bytes('10'))).toBe(100);
    expect(percentLeft(bytes('-1'), bytes('10'))).toBe(0);
    expect(bytesOf(bytes('10000000000'))).toBe(10_000_000_000n);
  });
});

test('a reward rate keeps its two decimals', () => {
  expect(formatBasisPoints(1033, 'en')).toBe('10.33%');
  expect(plain(formatBasisPoints(1033, 'fr'))).toBe('10,33 %');
  expect(formatBasisPoints(500, 'en')).toBe('5%');
});
