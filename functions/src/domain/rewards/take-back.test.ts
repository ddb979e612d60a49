import fc from 'fast-check';
import { expect, it } from 'vitest';
import { minor, type Amount } from '../../shared/money.ts';
import { capDaily } from './cap-daily.ts';
import { plainAddress } from './plain-address.ts';
import { reversalTarget, takeBack } from './take-back.ts';

const dotm = (wei: bigint): Amount<'DOTM'> => minor('DOTM', wei);
const wei = (max: bigint) => fc.bigInt({ min: 0n, max }).map(dotm);

it('a quarter refunded takes back a quarter, and the rest the rest', () => {
  const amount = dotm(2_066_000_000_000_000_000n);
  expect(reversalTarget({ kind: 'purchase', amount }, { total: 2000n, refunded: 500n })).toBe(516_500_000_000_000_000n);
  expect(reversalTarget({ kind: 'purchase', amount }, { total: 2000n, refunded: 2000n })).toBe(amount);
});

it('what came once goes with the whole order, and not with a part of it', () => {
  const amount = dotm(100n);
  expect(reversalTarget({ kind: 'founding_member', amount }, { total: 2000n, refunded: 1999n })).toBe(0n);
  expect(reversalTarget({ kind: 'new_member', amount }, { total: 2000n, refunded: 2500n })).toBe(100n);
});

it('refunds in any parts take back as much as one refund of their sum', () => {
  const parts = fc.array(fc.bigInt({ min: 1n, max: 5000n }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(wei(10n ** 24n), parts, fc.bigInt({ min: 1n, max: 20_000n }), (amount, refunds, total) => {
      const reward = { kind: 'purchase', state: 'pending', amount, free: dotm(0n) } as const;
      let refunded = 0n;
      let reversed = dotm(0n);
      for (const part of refunds) {
        refunded += part;
        const step = takeBack({ ...reward, reversed }, reversalTarget(reward, { total, refunded }));
        expect(step.noted).toBe(0n);
        reversed = dotm(reversed + step.amount);
      }
      expect(reversed).toBe(reversalTarget(reward, { total, refunded }));
      expect(reversed <= amount).toBe(true);
    }),
  );
});

it('what is in use becomes a note, what is free goes, and nothing is taken twice', () => {
  const reward = { state: 'vested', amount: dotm(100n), reversed: dotm(10n), free: dotm(30n) } as const;
  expect(takeBack(reward, dotm(60n))).toEqual({ amount: 50n, noted: 20n });
  expect(takeBack(reward, dotm(40n))).toEqual({ amount: 30n, noted: 0n });
  expect(takeBack(reward, dotm(10n))).toEqual({ amount: 0n, noted: 0n });
  expect(takeBack(reward, dotm(5n))).toEqual({ amount: 0n, noted: 0n });
});

it('a day never comes to more than the cap, and a purchase never gets more than it earned', () => {
  fc.assert(
    fc.property(wei(1000n), wei(1000n), wei(1000n), (earned, cap, before) => {
      const amount = capDaily(earned, { cap, before });
      expect(amount >= 0n && amount <= earned).toBe(true);
      if (amount > 0n) expect(before + amount <= cap).toBe(true);
      if (before + earned <= cap) expect(amount).toBe(earned);
    }),
  );
});

it.each([
  ['Ada@Example.com', 'ada@example.com'],
  ['ada+shop@example.com', 'ada@example.com'],
  [' ada+a+b@example.com ', 'ada@example.com'],
  ['"odd+one"@example.com', '"odd+one"@example.com'],
  ['+all@example.com', '+all@example.com'],
  ['ada@sub+x.example.com', 'ada@sub+x.example.com'],
])('%s is counted as %s', (email, plain) => {
  expect(plainAddress(email)).toBe(plain);
});
