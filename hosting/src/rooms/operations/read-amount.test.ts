import { expect, test } from 'vitest';
import { readAmount } from './read-amount.ts';

test('an operator cannot refund more than is left, nothing, or something that is no amount', () => {
  expect(readAmount('5', 'USD', 2000n)).toBe(500n);
  expect(readAmount(' 5,50 ', 'USD', 2000n)).toBe(550n);
  expect(readAmount('20.00', 'USD', 2000n)).toBe(2000n);
  for (const wrong of ['20.01', '0', '-1', '1.999', 'five', '']) expect(readAmount(wrong, 'USD', 2000n)).toBeNull();
});
