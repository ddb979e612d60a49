import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  entriesPerBatch,
  feesAt,
  gasLimitOf,
  gasOfTransaction,
  isPayable,
  mostEntries,
  payableMicro,
  raisedFees,
  weiPerMicro,
} from './payout-batches.ts';

const gwei = 10n ** 9n;

describe('the size of a batch', () => {
  it('is what the contract takes at today’s cost of an entry', () => {
    expect(entriesPerBatch(27_000)).toBe(mostEntries);
  });

  it('shrinks when an entry becomes dearer, and is never nothing', () => {
    expect(entriesPerBatch(98_000)).toBe(169);
    expect(entriesPerBatch(100_000_000)).toBe(1);
  });

  it('always fits into a transaction, whatever an entry costs', () => {
    const cost = fc.integer({ min: 8_000, max: 16_000_000 });
    fc.assert(
      fc.property(cost, (gasPerEntry) => {
        const entries = entriesPerBatch(gasPerEntry);
        expect(gasLimitOf(entries, gasPerEntry)).toBeLessThanOrEqual(BigInt(gasOfTransaction));
        expect(gasLimitOf(entries, gasPerEntry)).toBeGreaterThanOrEqual(BigInt(entries * gasPerEntry));
      }),
    );
  });

  it('gets a tenth more gas than the node has estimated, and never more than a transaction may use', () => {
    expect(gasLimitOf(1, 27_000, 1_000_000n)).toBe(1_100_000n);
    expect(gasLimitOf(1, 27_000, 16_000_000n)).toBe(BigInt(gasOfTransaction));
  });
});

describe('fees', () => {
  const wei = fc.bigInt({ min: 0n, max: 500n * gwei });

  it('are twice the base fee and the tip, up to the ceiling; above it there are none', () => {
    expect(feesAt(10n * gwei, 100n * gwei)).toEqual({ maxFeeWei: 21n * gwei, tipWei: gwei });
    expect(feesAt(60n * gwei, 100n * gwei)).toEqual({ maxFeeWei: 100n * gwei, tipWei: gwei });
    expect(feesAt(100n * gwei, 100n * gwei)).toBeNull();
  });

  it('never pass the ceiling and always pay for the block of now', () => {
    fc.assert(
      fc.property(wei, wei, (base, ceiling) => {
        const fees = feesAt(base, ceiling);
        if (fees === null) return;
        expect(fees.maxFeeWei).toBeLessThanOrEqual(ceiling);
        expect(fees.maxFeeWei).toBeGreaterThanOrEqual(base + fees.tipWei);
      }),
    );
  });

  it('of a successor are a quarter more at least, which every node takes, or there is no successor', () => {
    fc.assert(
      fc.property(wei, wei, wei, (before, base, ceiling) => {
        const tipWei = before < gwei ? before : gwei;
        const raised = raisedFees({ maxFeeWei: before, tipWei }, base, ceiling);
        if (raised === null) return;
        expect(raised.maxFeeWei * 4n).toBeGreaterThanOrEqual(before * 5n);
        expect(raised.tipWei * 4n).toBeGreaterThanOrEqual(tipWei * 5n);
        expect(raised.maxFeeWei).toBeLessThanOrEqual(ceiling);
        expect(raised.tipWei).toBeLessThanOrEqual(raised.maxFeeWei);
        expect(raised.maxFeeWei).toBeGreaterThan(base);
      }),
    );
  });

  it('are not raised for nothing: where not even a new transaction could be paid, the old one waits', () => {
    expect(raisedFees({ maxFeeWei: 3n * gwei, tipWei: gwei }, 100n * gwei, 100n * gwei)).toBeNull();
  });
});

describe('what is paid', () => {
  it('is whole micro-DOTM, never more than there is nor than the ceiling', () => {
    const wei = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(wei, fc.bigInt({ min: 1n, max: 10n ** 9n }), (free, ceiling) => {
        const micro = payableMicro(free, ceiling);
        expect(micro * weiPerMicro).toBeLessThanOrEqual(free);
        expect(micro).toBeLessThanOrEqual(ceiling);
        expect(micro === ceiling || free - micro * weiPerMicro < weiPerMicro).toBe(true);
      }),
    );
  });

  it('never goes to nobody, to one of our contracts or to what is no address', () => {
    const token = `0x${'ab'.repeat(20)}`;
    expect(isPayable(`0x${'12'.repeat(20)}`, [token])).toBe(true);
    for (const address of [token, `0x${'00'.repeat(20)}`, '0x12', `0x${'AB'.repeat(20)}`])
      expect(isPayable(address, [token]), address).toBe(false);
  });
});
