import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { newId } from '../../../src/platform/ids.ts';
import { minor } from '../../../src/shared/money.ts';
import { getMember } from '../../../src/store/members.ts';
import { buyer, operator } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';
import { differences, differencesNow, oneOf, value } from './support.ts';

let services: TestServices;
let stripe: StripeControl;
let finance: string;

beforeAll(async () => {
  services = await shop();
  stripe = new StripeControl(services.control);
  finance = operator(services, 'finance');
});
afterAll(() => services.stop());

/** Does something at the provider of which we never hear. */
async function unheard<T>(work: () => Promise<T>): Promise<T> {
  await services.control.setWebhookMode('stripe', 'drop');
  const result = await work();
  await services.control.setWebhookMode('stripe', 'hold');
  return result;
}

function chargeOf(orderId: string): Promise<string> {
  return value(services, 'select charge_id as value from orders where id = $1', [orderId]);
}

function intentOf(orderId: string): Promise<string> {
  return value(services, 'select payment_intent_id as value from orders where id = $1', [orderId]);
}

describe('a payment', () => {
  it('of which no order knows is found, with the member who made it', async () => {
    const { memberId, orderId } = await buyer(services, 'stranger');
    const member = await getMember(services.db, memberId);
    const priceId = await value<string>(
      services,
      `select price_id as value from provider_price where lookup_key like 'global_data_10gb%' limit 1`,
      [],
    );
    const session = await (
      await services.payments()
    ).createSession({
      orderId: newId('order', services.clock.now()),
      memberId,
      customerId: member.stripeCustomerId ?? '',
      mode: 'payment',
      lines: [{ priceId, quantity: 1 }],
      coupon: null,
      successUrl: 'https://app.test/',
      cancelUrl: 'https://app.test/',
      expiresAt: new Date(services.clock.now().getTime() + 7_200_000),
      locale: 'en',
    });
    await unheard(() => pay(session.url ?? ''));
    const found = await differences(services);
    const difference = found.find((each) => each.kind === 'payment_without_order');
    expect(difference).toMatchObject({ unit: 'USD', expected: null, found: 2000n });
    expect(difference?.cause).toContain(memberId);
    expect(found.filter((each) => each.subject === orderId)).toEqual([]);
  });

  it('whose event was lost is found at its order', async () => {
    services.people.put({ uid: 'lost-event' });
    const token = services.people.tokenOf('lost-event');
    const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
    const { orderId, checkoutUrl } = await call(services, 'startCheckout', wish, { token });
    await unheard(() => pay(checkoutUrl));
    const difference = oneOf(await differences(services), 'payment_not_booked', orderId);
    expect(difference).toMatchObject({ unit: 'USD', expected: null, found: 2000n });
  });

  it('of the last ten minutes whose event has not come is left for the next run', async () => {
    services.people.put({ uid: 'on-its-way' });
    const token = services.people.tokenOf('on-its-way');
    const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
    const { orderId, checkoutUrl } = await call(services, 'startCheckout', wish, { token });
    await unheard(() => pay(checkoutUrl));
    const young = await differencesNow(services);
    expect(young.filter((each) => each.subject === orderId)).toEqual([]);
    oneOf(await differences(services), 'payment_not_booked', orderId);
  });

  it('that our books have and the provider has not is found', async () => {
    const { orderId } = await buyer(services, 'never-charged');
    const real = await chargeOf(orderId);
    await services.db.query(`update orders set charge_id = 'ch_gone' where id = $1`, [orderId]);
    const found = await differences(services);
    expect(oneOf(found, 'payment_missing', orderId)).toMatchObject({ expected: 2000n, found: null });
    expect(oneOf(found, 'payment_twice', orderId).cause).toContain(real);
  });

  it('of another amount at the provider is found', async () => {
    const { orderId } = await buyer(services, 'other-amount');
    const charge = await chargeOf(orderId);
    const now = services.clock.now();
    const span = { from: new Date(now.getTime() - 86_400_000), to: now };
    for await (const movement of (await services.payments()).listBalanceTransactions(span)) {
      if (movement.sourceId !== charge) continue;
      // As if the provider had told us of one cent less.
      await services.db.query(
        `insert into balance_movement (id, kind, source_id, currency, amount_minor, fee_minor, at) values ($1, $2, $3, $4, $5, $6, $7)`,
        [movement.id, movement.kind, charge, 'USD', movement.amount - 1n, movement.fee, movement.createdAt],
      );
    }
    const difference = oneOf(await differences(services), 'payment_differs', orderId);
    expect(difference).toMatchObject({ unit: 'USD', expected: 2000n, found: 1999n });
  });
});

describe('a refund', () => {
  it('that was made at the provider and of which we did not hear is found', async () => {
    const { orderId } = await buyer(services, 'refunded-there');
    const paymentIntentId = await intentOf(orderId);
    await unheard(async () => {
      await (
        await services.payments()
      ).createRefund({ key: 'by-hand', paymentIntentId, amount: minor('USD', 300n), metadata: {} });
    });
    const difference = oneOf(await differences(services), 'refund_unknown', orderId);
    expect(difference).toMatchObject({ expected: null, found: 300n });
  });

  it('that was asked for and never made is found', async () => {
    const { orderId } = await buyer(services, 'never-made');
    await services.db.query(
      `insert into refund (id, order_id, request_key, amount_minor, reason, state, requested_at)
       values ($1, $2, 'a test', 100, 'a test', 'requested', $3)`,
      [newId('refund', services.clock.now()), orderId, services.clock.now()],
    );
    expect(oneOf(await differences(services), 'refund_not_made', orderId)).toMatchObject({
      expected: 100n,
      found: null,
    });
  });

  it('that our books have and the provider has not is found', async () => {
    const { orderId } = await buyer(services, 'refund-gone');
    await call(services, 'refundOrder', { orderId, reason: 'a test' }, { token: finance });
    await settle(services, 10);
    await services.db.query(`update refund set stripe_refund_id = 're_gone' where order_id = $1`, [orderId]);
    const found = await differences(services);
    expect(oneOf(found, 'refund_missing', orderId)).toMatchObject({ expected: 2000n, found: null });
    oneOf(found, 'refund_unknown', orderId);
  });

  it('of another amount at the provider is found', async () => {
    const { orderId } = await buyer(services, 'refund-differs');
    const amount = { unit: 'USD', amount: '4.00' } as const;
    await call(services, 'refundOrder', { orderId, reason: 'a test', amount }, { token: finance });
    await settle(services, 10);
    await services.db.query('update refund set amount_minor = 401 where order_id = $1', [orderId]);
    expect(oneOf(await differences(services), 'refund_differs', orderId)).toMatchObject({
      expected: 401n,
      found: 400n,
    });
  });

  it.each([
    ['of which we heard, agrees', true],
    ['of which we did not hear, is found', false],
  ] as const)('that the bank sends back, %s', async (_what, heard) => {
    const { orderId } = await buyer(services, `sent-back-${heard}`);
    await call(services, 'refundOrder', { orderId, reason: 'a test' }, { token: finance });
    await settle(services, 10);
    const refundId = await value<string>(services, 'select stripe_refund_id as value from refund where order_id = $1', [
      orderId,
    ]);
    if (heard) await stripe.settleRefund(refundId, 'fail');
    else await unheard(() => stripe.settleRefund(refundId, 'fail'));
    await settle(services, 10);
    const found = await differences(services);
    if (heard) expect(found.filter((each) => each.subject === orderId)).toEqual([]);
    else expect(oneOf(found, 'refund_returned', orderId)).toMatchObject({ found: 2000n });
  });

  it('that the bank sent back can be given once more, and all agrees', async () => {
    const { orderId } = await buyer(services, 'once-more');
    await call(services, 'refundOrder', { orderId, reason: 'a test' }, { token: finance });
    await settle(services, 10);
    const refundId = await value<string>(services, 'select stripe_refund_id as value from refund where order_id = $1', [
      orderId,
    ]);
    await stripe.settleRefund(refundId, 'fail');
    await settle(services, 10);
    await call(services, 'refundOrder', { orderId, reason: 'another card' }, { token: finance });
    await settle(services, 10);
    expect(await value(services, 'select state as value from orders where id = $1', [orderId])).toBe('refunded');
    expect((await differences(services)).filter((each) => each.subject === orderId)).toEqual([]);
  });
});

describe('a dispute', () => {
  it('of which we did not hear is found', async () => {
    const { orderId } = await buyer(services, 'quiet-dispute');
    const charge = await chargeOf(orderId);
    const dispute = await unheard(() => stripe.openDispute({ charge }));
    expect(oneOf(await differences(services), 'dispute_unknown', dispute.id)).toMatchObject({ found: -2000n });
  });

  it('that was won and of which we did not hear is found', async () => {
    const { orderId } = await buyer(services, 'quiet-win');
    const dispute = await stripe.openDispute({ charge: await chargeOf(orderId) });
    await settle(services, 10);
    await unheard(() => stripe.closeDispute(dispute.id, 'won'));
    expect(oneOf(await differences(services), 'dispute_differs', orderId).cause).toContain('"open"');
  });

  it('that took no money at the provider is found', async () => {
    const { orderId } = await buyer(services, 'inquiry');
    await services.db.query(
      `insert into dispute (id, order_id, amount_minor, status, opened_at) values ('dp_inquiry', $1, 2000, 'open', $2)`,
      [orderId, services.clock.now()],
    );
    const found = await differences(services);
    oneOf(found, 'dispute_without_withdrawal', orderId);
    expect(found.filter((each) => each.kind === 'order_misbooked' && each.subject === orderId)).toHaveLength(2);
  });
});

describe('the ledger', () => {
  it('that says something else than an order is found, account by account, and at the member', async () => {
    const { orderId, memberId } = await buyer(services, 'unsettled');
    await services.db.query('update orders set settled = false where id = $1', [orderId]);
    const found = await differences(services);
    const accounts = found.filter((each) => each.kind === 'order_misbooked' && each.subject === orderId);
    expect(accounts.map(({ expected, found: is }) => [expected, is])).toEqual([
      [2000n, 0n],
      [0n, 2000n],
    ]);
    expect(oneOf(found, 'funds_misstated', `member/${memberId}/funds/USD`)).toMatchObject({
      expected: 2000n,
      found: 0n,
    });
  });
});

describe('the rewards', () => {
  it('that say something else than the ledger are found, at the account and at the reward', async () => {
    const { memberId } = await buyer(services, 'misstated');
    const rewardId = await value<string>(services, 'select id as value from reward where member_id = $1', [memberId]);
    const account = `member/${memberId}/rewards_pending/DOTM`;
    const wei = 10n ** 18n;
    await services.db.query('update reward set amount_wei = amount_wei - $2 where id = $1', [rewardId, wei]);
    const { expected, found } = oneOf(await differences(services), 'reward_misstated', account);
    expect((found ?? 0n) - (expected ?? 0n)).toBe(wei);
    await services.db.query('update reward set amount_wei = amount_wei + $2 where id = $1', [rewardId, wei]);
    await services.db.query(
      `insert into reward_use (id, reward_id, member_id, kind, amount_wei, state, made_at, settled_at)
       values ('rwu_test', $1, $2, 'set_off', $3, 'final', now(), now())`,
      [rewardId, memberId, wei],
    );
    expect(oneOf(await differences(services), 'reward_misstated', rewardId)).toMatchObject({
      expected: wei,
      found: 0n,
    });
    await services.db.query(`delete from reward_use where id = 'rwu_test'`);
    expect((await differences(services)).filter(({ kind }) => kind === 'reward_misstated')).toEqual([]);
  });
});

it('every cause tells an operator what to do, without personal data', async () => {
  for (const { cause } of await differences(services)) {
    expect(cause.length).toBeGreaterThan(40);
    expect(cause).not.toMatch(/@|LPA:|undefined|null|\[object/);
  }
});
