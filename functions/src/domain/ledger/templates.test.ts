import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCurrency, minor, type Amount, type Currency, type Unit } from '../../shared/money.ts';
import { reversalOf, type Posting } from './posting.ts';
import * as templates from './templates.ts';

const at = new Date('2026-03-01T12:00:00Z');
const id = fc.stringMatching(/^[a-z0-9]{4,26}$/);
const positive = fc.bigInt({ min: 1n, max: 10n ** 26n });
const amountOf = <U extends Unit>(unit: U) => positive.map((value) => minor(unit, value));

const ofOrder = fc.constantFrom<Currency>('USD', 'CAD', asCurrency('EUR'), asCurrency('JPY')).chain((currency) =>
  fc.record({
    orderId: id.map((text) => `ord_${text}`),
    memberId: id.map((text) => `mem_${text}`),
    currency: fc.constant<Currency>(currency),
    amount: positive.map((value): Amount<Currency> => minor(currency, value)),
    at: fc.constant(at),
    settled: fc.boolean(),
    won: fc.boolean(),
    refundId: id,
    disputeId: id,
    balanceTransactionId: id,
    subject: id,
  }),
);

const ofReward = fc.record({
  rewardId: id.map((text) => `rwd_${text}`),
  orderId: id.map((text) => `ord_${text}`),
  memberId: id.map((text) => `mem_${text}`),
  amount: amountOf('DOTM'),
  at: fc.constant(at),
  total: amountOf('DOTM'),
  fromVested: fc.boolean(),
  available: fc.bigInt({ min: 0n, max: 10n ** 26n }).map((value) => minor('DOTM', value)),
});

const ofLine = fc.record({
  lineId: id.map((text) => `lin_${text}`),
  orderId: id.map((text) => `ord_${text}`),
  position: fc.nat({ max: 50 }),
  usageId: id,
  amount: amountOf('BYTE'),
  at: fc.constant(at),
});

const ofBatch = fc.record({
  batchId: fc.bigInt({ min: 1n, max: 10n ** 15n }),
  shares: fc.uniqueArray(fc.record({ memberId: id.map((text) => `mem_${text}`), amount: amountOf('DOTM') }), {
    minLength: 1,
    maxLength: 20,
    selector: (share) => share.memberId,
  }),
});

/** Every template with inputs that it accepts. A template without a line here fails the first test. */
const arbitraries: Record<keyof typeof templates, fc.Arbitrary<Posting>> = {
  paymentReceived: ofOrder.map(templates.paymentReceived),
  revenueRecognised: ofOrder.map(templates.revenueRecognised),
  refundIssued: ofOrder.map(templates.refundIssued),
  feeCharged: ofOrder.map(templates.feeCharged),
  disputeOpened: ofOrder.map(templates.disputeOpened),
  disputeClosed: ofOrder.map(templates.disputeClosed),
  rewardAccrued: ofReward.map(templates.rewardAccrued),
  rewardVested: ofReward.map(templates.rewardVested),
  rewardReversed: ofReward.map(templates.rewardReversed),
  rewardSetOff: ofReward.map(templates.rewardSetOff),
  rewardLapsed: ofReward.map(templates.rewardLapsed),
  rewardReserved: fc.oneof(
    ofBatch.map(({ batchId, shares }) => templates.rewardReserved({ batchId }, shares, at)),
    ofReward.map(({ orderId, ...share }) => templates.rewardReserved({ orderId }, [share], at)),
  ),
  rewardReleased: fc.oneof(
    ofBatch.map(({ batchId, shares }) => templates.rewardReleased({ batchId }, shares, at)),
    ofReward.map(({ orderId, ...share }) => templates.rewardReleased({ orderId }, [share], at)),
  ),
  rewardLeftOut: fc.tuple(ofBatch, ofReward).map(([{ batchId }, share]) => templates.rewardLeftOut(batchId, share, at)),
  rewardSent: ofBatch.map(({ batchId, shares }) => templates.rewardSent(batchId, shares, at)),
  rewardSpent: ofReward.map(({ orderId, ...share }) => templates.rewardSpent(orderId, share, at)),
  creditReturned: ofReward.map(templates.creditReturned),
  dataGranted: ofLine.map(templates.dataGranted),
  dataTakenBack: ofLine.map(templates.dataTakenBack),
  dataUsed: ofLine.map(templates.dataUsed),
};

function balancesAfter(postings: readonly Posting[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const leg of postings.flatMap((posting) => posting.legs)) {
    balances.set(leg.account, (balances.get(leg.account) ?? 0n) + leg.amount);
  }
  return balances;
}

describe.each(Object.keys(templates) as (keyof typeof templates)[])('%s', (name) => {
  const anyPosting = arbitraries[name];

  it('sums to zero, names accounts of one unit in byte order, and carries its own name', () => {
    fc.assert(
      fc.property(anyPosting, (posting) => {
        expect(posting.template).toBe(name);
        expect(posting.key).toContain(`/${name}`);
        expect(posting.legs.reduce((sum, leg) => sum + leg.amount, 0n)).toBe(0n);
        expect(posting.legs.every((leg) => leg.amount !== 0n && leg.account.endsWith(`/${leg.unit}`))).toBe(true);
        const codes = posting.legs.map((leg) => leg.account);
        expect(codes).toEqual(codes.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(new Set(codes).size).toBe(codes.length);
      }),
    );
  });

  it('is undone by its exact reversal', () => {
    fc.assert(
      fc.property(anyPosting, (posting) => {
        const reversal = reversalOf(posting, at);
        expect([...balancesAfter([posting, reversal]).values()].every((balance) => balance === 0n)).toBe(true);
        expect(reversal.template).toBe(`${name}.reversed`);
        expect(reversal.key).not.toBe(posting.key);
        expect(() => reversalOf(reversal, at)).toThrow(RangeError);
      }),
    );
  });
});

const order = { orderId: 'ord_a', memberId: 'mem_a', currency: 'USD', at } as const;
const usd = (cents: bigint) => minor('USD', cents);
const dotm = (wei: bigint) => minor('DOTM', wei);

describe('what an order leaves behind', () => {
  it('a delivered order is our revenue and the member is owed nothing', () => {
    const balances = balancesAfter([
      templates.paymentReceived({ ...order, amount: usd(2000n) }),
      templates.revenueRecognised({ ...order, amount: usd(2000n) }),
    ]);
    expect(Object.fromEntries(balances)).toEqual({
      'platform/stripe_clearing/USD': -2000n,
      'member/mem_a/funds/USD': 0n,
      'platform/revenue/USD': 2000n,
    });
  });

  it.each([true, false])('a refunded order leaves every account at zero (settled: %s)', (settled) => {
    const paid = templates.paymentReceived({ ...order, amount: usd(2000n) });
    const delivered = settled ? [templates.revenueRecognised({ ...order, amount: usd(2000n) })] : [];
    const refunded = [700n, 1300n].map((cents) =>
      templates.refundIssued({ ...order, settled, amount: usd(cents), refundId: `re_${String(cents)}` }),
    );
    expect([...balancesAfter([paid, ...delivered, ...refunded]).values()].every((balance) => balance === 0n)).toBe(
      true,
    );
  });

  it.each([
    { won: true, settled: true, revenue: 2000n, clearing: -2000n },
    { won: false, settled: true, revenue: 0n, clearing: 0n },
    { won: false, settled: false, revenue: undefined, clearing: 0n },
  ])('a dispute ends with nothing withheld: %o', ({ won, settled, revenue, clearing }) => {
    const dispute = { ...order, amount: usd(2000n), disputeId: 'dp_1' };
    const balances = balancesAfter([
      templates.paymentReceived({ ...order, amount: usd(2000n) }),
      ...(settled ? [templates.revenueRecognised({ ...order, amount: usd(2000n) })] : []),
      templates.disputeOpened(dispute),
      templates.disputeClosed({ ...dispute, settled, won }),
    ]);
    expect(balances.get('platform/disputes/USD')).toBe(0n);
    expect(balances.get('platform/revenue/USD')).toBe(revenue);
    expect(balances.get('platform/stripe_clearing/USD')).toBe(clearing);
    expect(balances.get('member/mem_a/funds/USD')).toBe(0n);
  });

  it('a fee lessens what lies at the provider', () => {
    const fee = { subject: 'ord_a', balanceTransactionId: 'txn_1', currency: 'USD', amount: usd(88n), at } as const;
    expect(Object.fromEntries(balancesAfter([templates.feeCharged(fee)]))).toEqual({
      'platform/stripe_fees/USD': -88n,
      'platform/stripe_clearing/USD': 88n,
    });
  });
});

describe('what a reward leaves behind', () => {
  const reward = { rewardId: 'rwd_a', orderId: 'ord_a', memberId: 'mem_a', at };

  const paidOut = (amount: bigint) => [
    templates.rewardReserved({ batchId: 7n }, [{ memberId: 'mem_a', amount: dotm(amount) }], at),
    templates.rewardSent(7n, [{ memberId: 'mem_a', amount: dotm(amount) }], at),
  ];

  it('tokens that were paid out before the refund are a note that later rewards pay off, and never a debt', () => {
    const next = { ...reward, rewardId: 'rwd_b' };
    const postings = [
      templates.rewardAccrued({ ...reward, amount: dotm(100n) }),
      templates.rewardVested({ ...reward, amount: dotm(100n) }),
      ...paidOut(60n),
      templates.rewardReversed({
        ...reward,
        amount: dotm(100n),
        total: dotm(100n),
        fromVested: true,
        available: dotm(40n),
      }),
    ];
    expect(balancesAfter(postings).get('member/mem_a/rewards_vested/DOTM')).toBe(0n);
    expect(balancesAfter(postings).get('member/mem_a/reward_set_off/DOTM')).toBe(60n);
    const later = balancesAfter([
      ...postings,
      templates.rewardAccrued({ ...next, amount: dotm(100n) }),
      templates.rewardVested({ ...next, amount: dotm(100n) }),
      templates.rewardSetOff({ ...next, amount: dotm(60n), total: dotm(60n) }),
    ]);
    expect(later.get('member/mem_a/rewards_vested/DOTM')).toBe(40n);
    expect(later.get('member/mem_a/reward_set_off/DOTM')).toBe(0n);
    expect(later.get('platform/reward_set_off/DOTM')).toBe(0n);
    expect(later.get('platform/rewards_paid/DOTM')).toBe(60n);
    expect(later.get('platform/reward_issuance/DOTM')).toBe(-100n);
  });

  it('what a batch that was given up had set aside is free again', () => {
    const share = { memberId: 'mem_a', amount: dotm(30n) };
    const balances = balancesAfter([
      templates.rewardAccrued({ ...reward, amount: dotm(100n) }),
      templates.rewardVested({ ...reward, amount: dotm(100n) }),
      templates.rewardReserved({ batchId: 8n }, [share], at),
      templates.rewardReleased({ batchId: 8n }, [share], at),
    ]);
    expect(balances.get('member/mem_a/rewards_reserved/DOTM')).toBe(0n);
    expect(balances.get('member/mem_a/rewards_vested/DOTM')).toBe(100n);
  });

  it("credit that is spent and comes back is the member's again", () => {
    const share = { memberId: 'mem_a', amount: dotm(30n) };
    const balances = balancesAfter([
      templates.rewardAccrued({ ...reward, amount: dotm(100n) }),
      templates.rewardVested({ ...reward, amount: dotm(100n) }),
      templates.rewardReserved({ orderId: 'ord_b' }, [share], at),
      templates.rewardSpent('ord_b', share, at),
      templates.creditReturned({ ...share, orderId: 'ord_b', amount: dotm(10n), total: dotm(10n), at }),
    ]);
    expect(balances.get('platform/rewards_spent/DOTM')).toBe(20n);
    expect(balances.get('member/mem_a/rewards_vested/DOTM')).toBe(80n);
  });
});

it('an amount that is not above zero is refused', () => {
  for (const amount of [0n, -1n]) {
    expect(() => templates.paymentReceived({ ...order, amount: usd(amount) })).toThrow(RangeError);
    expect(() => templates.dataUsed({ lineId: 'lin_a', usageId: 'u', amount: minor('BYTE', amount), at })).toThrow(
      RangeError,
    );
    const reward = { rewardId: 'rwd_a', orderId: 'ord_a', memberId: 'mem_a', amount: dotm(amount), at };
    expect(() => templates.rewardVested(reward)).toThrow(RangeError);
    expect(() => templates.rewardReversed({ ...reward, total: dotm(1n), fromVested: false })).toThrow(RangeError);
  }
});
