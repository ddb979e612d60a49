import type { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf } from './tables.ts';
import { GOOD_CARD, makePrice, openSession, pay, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
let price: Stripe.Price;
beforeAll(async () => {
  bench = await startStripeBench();
  price = await makePrice(bench.stripe, 2000);
});
afterAll(() => bench.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => error,
  );

async function paid(
  form: Record<string, string> = GOOD_CARD,
): Promise<{ intent: string; charge: string; session: string }> {
  const session = await openSession(bench.stripe, price, { customer_email: 'r@dotm.test' });
  await pay(session, form);
  const done = await bench.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  const intent = done.payment_intent as Stripe.PaymentIntent;
  return { intent: intent.id, charge: idOf(intent.latest_charge) ?? '', session: session.id };
}

test('a refund in parts moves money each time, and the last part marks the charge refunded', async () => {
  const { intent, charge } = await paid();
  const first = await bench.stripe.refunds.create({
    payment_intent: intent,
    amount: 500,
    metadata: { orderId: 'ord_2' },
  });
  expect(first).toMatchObject({ status: 'succeeded', amount: 500, charge, metadata: { orderId: 'ord_2' } });
  expect(await bench.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 500, refunded: false });
  const rest = await bench.stripe.refunds.create({ charge, reason: 'requested_by_customer' });
  expect(rest.amount).toBe(1500);
  const whole = await bench.stripe.charges.retrieve(charge, { expand: ['refunds'] });
  expect(whole).toMatchObject({ amount_refunded: 2000, refunded: true });
  expect(whole.refunds?.data.map((it) => it.id)).toEqual([rest.id, first.id]);
  expect((await bench.stripe.balanceTransactions.list({ source: rest.id })).data).toMatchObject([
    { amount: -1500, fee: 0, net: -1500, type: 'refund', reporting_category: 'refund' },
  ]);
  const event = await bench.event('charge.refunded', charge);
  expect(event.data).toMatchObject({
    object: { amount_refunded: 2000 },
    previous_attributes: { amount_refunded: 500 },
  });
  expect((await bench.stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2);
});

test('more than was paid is never given back', async () => {
  const { intent, charge } = await paid();
  expect(await refusal(bench.stripe.refunds.create({ payment_intent: intent, amount: 2001 }))).toMatchObject({
    param: 'amount',
    message: 'Refund amount ($20.01) is greater than charge amount ($20.00)',
  });
  await bench.stripe.refunds.create({ payment_intent: intent });
  expect(await refusal(bench.stripe.refunds.create({ payment_intent: intent }))).toMatchObject({
    code: 'charge_already_refunded',
    message: `Charge ${charge} has already been refunded.`,
  });
  expect(await refusal(bench.stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' });
});

test('a refund that fails puts the money back on the balance and tells so', async () => {
  const { intent, charge } = await paid();
  const refund = await bench.stripe.refunds.create({ payment_intent: intent });
  expect(await bench.control.settleRefund(refund.id, 'fail')).toMatchObject({ status: 'failed' });
  await bench.event('refund.failed', refund.id);
  expect(await bench.stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
});

test('a refund to a bank account is pending until it arrives', async () => {
  const { intent, session } = await paid({ method: 'bank_debit' });
  expect(await refusal(bench.stripe.refunds.create({ payment_intent: intent }))).toMatchObject({
    param: 'payment_intent',
  });
  await bench.control.settleSession(session, 'succeed');
  const refund = await bench.stripe.refunds.create({ payment_intent: intent });
  expect(refund.status).toBe('pending');
  await bench.control.settleRefund(refund.id, 'succeed');
  expect((await bench.event('refund.updated', refund.id)).data.object).toMatchObject({ status: 'succeeded' });
});

test('a dispute withdraws the money and a fee, blocks refunds, and winning brings the money back', async () => {
  const { intent, charge } = await paid();
  const dispute = await bench.control.openDispute({ paymentIntent: intent });
  expect((await bench.event('charge.dispute.created', dispute.id)).data.object).toMatchObject({
    charge,
    payment_intent: intent,
    amount: 2000,
    status: 'needs_response',
  });
  await bench.event('charge.dispute.funds_withdrawn', dispute.id);
  expect(await bench.stripe.charges.retrieve(charge)).toMatchObject({ disputed: true });
  expect(await refusal(bench.stripe.refunds.create({ charge }))).toMatchObject({ code: 'charge_disputed' });
  await bench.control.closeDispute(dispute.id, 'won');
  expect((await bench.event('charge.dispute.closed', dispute.id)).data.object).toMatchObject({ status: 'won' });
  await bench.event('charge.dispute.funds_reinstated', dispute.id);
  const moved = (await bench.stripe.balanceTransactions.list({ source: dispute.id })).data;
  expect(moved.map((it) => [it.reporting_category, it.amount, it.fee])).toEqual([
    ['dispute_reversal', 2000, 0],
    ['dispute', -2000, 1500],
  ]);
  await expect(bench.control.closeDispute(dispute.id, 'lost')).rejects.toMatchObject({ status: 400 });
});

test('a lost dispute leaves the money with the cardholder', async () => {
  const { charge } = await paid();
  const dispute = await bench.control.openDispute({ charge, reason: 'product_not_received' });
  await bench.control.closeDispute(dispute.id, 'lost');
  expect(await bench.stripe.disputes.retrieve(dispute.id)).toMatchObject({
    status: 'lost',
    reason: 'product_not_received',
  });
  expect((await bench.stripe.balanceTransactions.list({ source: dispute.id })).data).toHaveLength(1);
});

test('balance transactions can be listed by type and time', async () => {
  const { charge } = await paid();
  const since = (await bench.stripe.charges.retrieve(charge)).created;
  const listed = await bench.stripe.balanceTransactions.list({
    type: 'charge',
    created: { gte: since },
    expand: ['data.source'],
  });
  expect(listed.data[0]).toMatchObject({ status: 'pending', source: { id: charge } });
  expect((await bench.stripe.balanceTransactions.list({ created: { lt: 1 } })).data).toHaveLength(0);
});
