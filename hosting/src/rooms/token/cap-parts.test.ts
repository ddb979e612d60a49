import { describe, expect, it } from 'vitest';
import { divideCap } from './cap-parts.ts';

const statement = (supply: string, owed: string) => ({
  supply,
  totals: { pending: owed, vested: '0', reserved: '0', owed },
});

describe('the parts of what can still be made', () => {
  it('are what is owed and the rest', () => {
    expect(divideCap(10n, 1_000n, statement('10', '100'))).toEqual({ owed: 100n, left: 890n });
    expect(divideCap(10n, 1_000n, null)).toEqual({ owed: 0n, left: 990n });
  });

  it('do not count a token twice that was owed in the statement and has been paid since', () => {
    expect(divideCap(70n, 1_000n, statement('10', '100'))).toEqual({ owed: 40n, left: 890n });
    expect(divideCap(300n, 1_000n, statement('10', '100'))).toEqual({ owed: 0n, left: 700n });
  });

  it('do not grow where the chain was read before the statement was made', () => {
    expect(divideCap(5n, 1_000n, statement('10', '100'))).toEqual({ owed: 100n, left: 895n });
  });

  it('show that more is owed than may be made as less than nothing left', () => {
    expect(divideCap(10n, 100n, statement('10', '100')).left).toBe(-10n);
  });
});
