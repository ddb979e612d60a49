import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionOf, type Plan } from './plan-direction.ts';
import { addCycle, prorate, type SubscriptionCycle } from './proration.ts';
import { taxShare } from './tax-share.ts';

const amount = fc.bigInt({ min: 0n, max: 10_000_000n });
const cycle = fc.constantFrom<SubscriptionCycle>('monthly', 'annual');
const period = fc
  .record({
    start: fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }),
    length: fc.integer({ min: 1, max: 366 * 86_400 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ start, length, part }) => ({
    start: new Date(start * 1000),
    end: new Date((start + length) * 1000),
    at: new Date((start + Math.floor(length * part)) * 1000),
  }));

describe('prorate', () => {
  it('charges half of the difference half way through', () => {
    const [start, end] = [new Date('2026-01-01T00:00:00Z'), new Date('2027-01-01T00:00:00Z')];
    const at = new Date((start.getTime() + end.getTime()) / 2);
    const change = prorate({ amount: 2400n, cycle: 'annual' }, { amount: 6600n, cycle: 'annual' }, { start, end, at });
    expect(change).toEqual({ credit: 1200n, charge: 3300n, dueNow: 2100n, nextRenewal: { at: end, amount: 6600n } });
  });

  it('begins a new period for another rhythm', () => {
    const at = new Date('2026-01-31T10:00:00Z');
    const ends = { start: new Date('2026-01-16T10:00:00Z'), end: new Date('2026-02-15T10:00:00Z') };
    const change = prorate({ amount: 500n, cycle: 'monthly' }, { amount: 5000n, cycle: 'annual' }, { ...ends, at });
    expect(change).toMatchObject({ credit: 250n, charge: 5000n, dueNow: 4750n });
    expect(change.nextRenewal).toEqual({ at: new Date('2027-01-31T10:00:00Z'), amount: 5000n });
  });

  it('is never negative, and never more than a whole period of either plan', () => {
    fc.assert(
      fc.property(amount, amount, cycle, cycle, period, (old, fresh, oldCycle, newCycle, when) => {
        const change = prorate({ amount: old, cycle: oldCycle }, { amount: fresh, cycle: newCycle }, when);
        expect(change.credit >= 0n && change.credit <= old).toBe(true);
        expect(change.charge >= 0n && change.charge <= fresh).toBe(true);
        expect(change.dueNow >= 0n && change.dueNow <= change.charge).toBe(true);
      }),
    );
  });

  it('costs nothing for the same plan, and nothing within one rhythm when no time is left', () => {
    fc.assert(
      fc.property(amount, amount, cycle, period, (old, fresh, rhythm, when) => {
        const same = prorate({ amount: old, cycle: rhythm }, { amount: old, cycle: rhythm }, when);
        expect(same.dueNow).toBe(0n);
        const late = { ...when, at: when.end };
        expect(prorate({ amount: old, cycle: rhythm }, { amount: fresh, cycle: rhythm }, late).dueNow).toBe(0n);
      }),
    );
  });

  it('costs no more the later it is asked for', () => {
    fc.assert(
      fc.property(amount, amount, period, (old, more, when) => {
        const plans = [
          { amount: old, cycle: 'annual' },
          { amount: old + more, cycle: 'annual' },
        ] as const;
        const now = prorate(plans[0], plans[1], when);
        const first = prorate(plans[0], plans[1], { ...when, at: when.start });
        // Two positions are rounded on their own: a cent of difference is rounding.
        expect(now.dueNow <= first.dueNow + 1n).toBe(true);
        expect(first.dueNow).toBe(more);
      }),
    );
  });

  it('takes no time outside the period', () => {
    const when = { start: new Date(1000), end: new Date(9000), at: new Date(10_000) };
    expect(() => prorate({ amount: 1n, cycle: 'monthly' }, { amount: 2n, cycle: 'monthly' }, when)).toThrow(RangeError);
  });
});

describe('addCycle', () => {
  it('ends on the last day of a shorter month', () => {
    expect(addCycle(new Date('2027-01-31T01:00:00Z'), 'monthly').toISOString()).toBe('2027-02-28T01:00:00.000Z');
    expect(addCycle(new Date('2028-02-29T01:00:00Z'), 'annual').toISOString()).toBe('2029-02-28T01:00:00.000Z');
  });
});

describe('directionOf', () => {
  const plan = (productId: string, kind: string, minor: bigint, rhythm: SubscriptionCycle): Plan => ({
    productId,
    kind,
    amount: minor,
    cycle: rhythm,
  });
  const basic = plan('basic_membership', 'membership', 2400n, 'annual');
  const full = plan('full_membership', 'membership', 6600n, 'annual');
  const vpn = plan('network_vpn', 'network_feature', 800n, 'monthly');

  it('goes up for more, down for less, and up to a longer period', () => {
    expect(directionOf(basic, full)).toBe('upgrade');
    expect(directionOf(full, basic)).toBe('downgrade');
    expect(directionOf(vpn, { ...vpn, amount: 8000n, cycle: 'annual' })).toBe('upgrade');
    expect(directionOf({ ...vpn, amount: 8000n, cycle: 'annual' }, vpn)).toBe('downgrade');
    expect(directionOf(vpn, vpn)).toBe('same');
  });

  it('goes nowhere between different things', () => {
    expect(directionOf(basic, vpn)).toBeNull();
    expect(directionOf(vpn, { ...vpn, productId: 'network_scans' })).toBeNull();
  });
});

describe('taxShare', () => {
  it('adds up to the whole tax over any sequence of parts', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 5_000n }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (amounts, rate) => {
        const total = amounts.reduce((sum, part) => sum + part, 0n);
        const tax = BigInt(Math.floor(Number(total) * rate));
        let [refunded, back] = [0n, 0n];
        for (const part of amounts) {
          refunded += part;
          const share = taxShare({ total, tax, amount: part, refundedAfter: refunded, taxRefundedBefore: back });
          expect(share >= 0n && share <= part).toBe(true);
          back += share;
          expect(2n * (back * total - tax * refunded) <= total && 2n * (tax * refunded - back * total) <= total).toBe(
            true,
          );
        }
        expect(back).toBe(tax);
      }),
    );
  });

  it('adds up also when banks return some of the parts and they are paid again', () => {
    const steps = fc.array(fc.record({ size: fc.integer({ min: 1, max: 100 }), returned: fc.boolean() }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 3_000n }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        steps,
        (total, rate, moves) => {
          const tax = BigInt(Math.floor(Number(total) * rate));
          const made: { amount: bigint; tax: bigint }[] = [];
          let [refunded, back] = [0n, 0n];
          const give = (amount: bigint) => {
            if (amount <= 0n) return;
            const share = taxShare({ total, tax, amount, refundedAfter: refunded + amount, taxRefundedBefore: back });
            refunded += amount;
            back += share;
            made.push({ amount, tax: share });
            expect(share >= 0n && share <= amount && back <= tax && refunded - back <= total - tax).toBe(true);
          };
          for (const { size, returned } of moves) {
            give(((total - refunded) * BigInt(size)) / 100n);
            const last = returned ? made.splice(size % made.length || 0, 1)[0] : undefined;
            if (last) [refunded, back] = [refunded - last.amount, back - last.tax];
          }
          give(total - refunded);
          expect(back).toBe(tax);
        },
      ),
    );
  });
});
