import { expect, it } from 'vitest';
import { minor } from '../../shared/money.ts';
import type { Invoice } from '../../vendors/payments/port.ts';
import { taxCollected } from './settle-invoice.ts';

it.each([
  ['a plain renewal', 1199n, 200n, 200n],
  ['one that a balance paid for, but for a part of its tax', 100n, 200n, 100n],
  ['one that a balance paid for', 0n, 200n, 0n],
])('the tax in what %s collected is at most what came in', (_, amountPaid, tax, collected) => {
  const invoice = { currency: 'USD', amountPaid: minor('USD', amountPaid), tax: minor('USD', tax) } as Invoice;
  expect(taxCollected(invoice)).toBe(collected);
});
