import { expect, test } from 'vitest';
import { nearestCredit } from './nearest-credit.ts';

const usd = (amount: string) => ({ unit: 'USD' as const, amount });
const whole = { due: usd('20.00'), most: usd('20.00'), mostInPart: usd('19.50') };
const part = { due: usd('20.00'), most: usd('12.34'), mostInPart: usd('12.34') };
const allOrNothing = { due: usd('0.50'), most: usd('0.50'), mostInPart: usd('0.00') };

test.each([
  [whole, 0n, 0n],
  [whole, -5n, 0n],
  [whole, 1n, 1n],
  [whole, 1950n, 1950n],
  [whole, 1960n, 1950n],
  [whole, 1980n, 2000n],
  [whole, 2000n, 2000n],
  [whole, 9999n, 2000n],
  [part, 1233n, 1233n],
  [part, 2000n, 1234n],
  [allOrNothing, 10n, 0n],
  [allOrNothing, 40n, 50n],
])('credit is an amount that leaves nothing, or enough to be charged: case %#', (preview, wished, chosen) => {
  expect(nearestCredit(preview, wished)).toBe(chosen);
});
