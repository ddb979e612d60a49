import { expect, it } from 'vitest';
import { minor } from '../../shared/money.ts';
import { ledgerUnit, makePosting, type Leg } from './posting.ts';

const leg = (account: string, amount: bigint, unit: Leg['unit'] = 'USD'): Leg => ({
  account,
  unit,
  amount: minor(unit, amount),
});
const posting = (...legs: Leg[]) =>
  makePosting({ key: 'ord_a/test', template: 'test', eventAt: new Date(0), legs, meta: {} });

it('legs come sorted by account, without legs of nothing', () => {
  const { legs } = posting(leg('platform/b/USD', 5n), leg('member/a/USD', 0n), leg('platform/a/USD', -5n));
  expect(legs.map(({ account }) => account)).toEqual(['platform/a/USD', 'platform/b/USD']);
});

it('a posting that does not sum to zero in each unit is refused', () => {
  expect(() => posting(leg('a/USD', 5n), leg('b/USD', -4n))).toThrow(/sums to 1 in USD/);
  expect(() => posting(leg('a/USD', 5n), leg('b/CAD', -5n, 'CAD'))).toThrow(RangeError);
});

it('a posting that names an account twice or moves nothing is refused', () => {
  expect(() => posting(leg('a/USD', 5n), leg('a/USD', -5n))).toThrow(/twice/);
  expect(() => posting(leg('a/USD', 0n))).toThrow(/moves nothing/);
});

it('units are named with their decimals', () => {
  expect((['USD', 'CAD', 'DOTM', 'BYTE'] as const).map(ledgerUnit)).toEqual(['USD/2', 'CAD/2', 'DOTM/18', 'BYTE/0']);
});
