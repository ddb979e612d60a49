import { describe, expect, test } from 'vitest';
import type { Reward } from '../../../../functions/src/shared/api/rewards.ts';
import { textIn } from '../../i18n/test-text.ts';
import { rewardReason, rewardWhen } from './reward-words.ts';

const dotm = (amount: string) => ({ unit: 'DOTM' as const, amount });
const reward: Reward = {
  id: 'rwd_01jd9z3k4m5n6p7q8r9s0t1v2w',
  kind: 'purchase',
  orderId: 'ord_01jd9z3k4m5n6p7q8r9s0t1v2w',
  state: 'pending',
  amount: dotm('2.066000000000000000'),
  earned: dotm('2.066000000000000000'),
  accrued: dotm('2.066000000000000000'),
  free: dotm('0.000000000000000000'),
  paid: { unit: 'USD', amount: '20.00' },
  basisPoints: 1033,
  rate: '1',
  accruedAt: '2026-11-01T12:00:00.000Z',
  vestsAt: '2026-11-15T12:00:00.000Z',
  vestedAt: null,
};

describe('the words about a reward', () => {
  test('are a sum that a calculator gives too', () => {
    expect(rewardReason(reward, textIn('en'))).toBe('$20.00 × 10.33% × 1 = 2.066\u00a0DOTM');
  });

  test('name the rate of another currency, to the last digit of what was earned', () => {
    // 27.99 × 10.33 % × 0.73
    const cad = {
      ...reward,
      paid: { unit: 'CAD' as const, amount: '27.99' },
      rate: '0.73',
      earned: dotm('2.110697910000000000'),
    };
    expect(rewardReason(cad, textIn('en'))).toBe('CA$27.99 × 10.33% × 0.73 = 2.11069791\u00a0DOTM');
  });

  test('say why there is a reward that no purchase earned', () => {
    expect(rewardReason({ ...reward, kind: 'founding_member' }, textIn('en'))).not.toContain('×');
  });

  test('say from when it is the member’s', () => {
    expect(rewardWhen(reward, textIn('en'))).toContain('November 15, 2026');
    const vested = { ...reward, state: 'vested' as const, vestedAt: '2026-11-16T12:00:00.000Z' };
    expect(rewardWhen(vested, textIn('en'))).toContain('November 16, 2026');
  });
});
