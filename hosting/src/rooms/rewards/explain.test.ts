import { describe, expect, test } from 'vitest';
import { explainReward } from './explain.ts';

const reward = (dotm: string, unit: 'USD' | 'CAD', paid: string, basisPoints = 1033) =>
  explainReward({ amount: { unit: 'DOTM', amount: dotm }, paid: { unit, amount: paid }, basisPoints });

describe('the words about a reward', () => {
  test('are a plain percentage at one DOTM to the dollar', () => {
    expect(reward('2.066', 'USD', '20.00')).toEqual({ kind: 'plain' });
    expect(reward('0.1033', 'USD', '1.00')).toEqual({ kind: 'plain' });
    expect(reward('0', 'USD', '0.00')).toEqual({ kind: 'plain' });
  });

  test('name the rate of Canadian dollars', () => {
    // 27.99 × 10.33 % × 0.73 = 2.110697910…
    expect(reward('2.110697910', 'CAD', '27.99')).toEqual({ kind: 'rate', rate: 0.73 });
  });

  test('speak of a refund where a share was taken back', () => {
    expect(reward('1.033', 'USD', '20.00')).toEqual({ kind: 'after-refund' });
    expect(reward('1.055348955', 'CAD', '27.99')).toEqual({ kind: 'after-refund' });
  });
});
