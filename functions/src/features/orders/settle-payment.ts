import { paymentReceived } from '../../domain/ledger/templates.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import { addJob } from '../../platform/outbox.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { add, minor, type Amount, type Currency } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import { queueMail } from '../../store/mails.ts';
import { carrierLane, lockMember } from '../../store/members.ts';
import { releaseCredit, spendCredit } from '../../store/order-credit.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import { redeemPromotion } from '../../store/promotions.ts';
import { startRefund } from '../../store/refunds.ts';
import { hasSubscription } from '../../store/subscriptions.ts';
import type { Charge } from '../../vendors/payments/port.ts';
import { addRenewalDiscount } from './discount-renewals.ts';

/** What the payment provider holds as paid for an order. `charge` is null for a total of nothing. */
export interface Payment {
  reference: string;
  paymentIntentId: string | null;
  invoiceId: string | null;
  subscriptionId: string | null;
  charge: Charge | null;
  /** The part of the charge that is tax, as the provider's session or invoice says. */
  tax: Amount<Currency>;
  /** The mail that thanks for it. */
  mail: 'order_paid' | 'renewed';
}

/**
 * Books a payment for an order that the caller has locked, and sets its deadline: from here on it ends connected or refunded. Money
 * for an order that was given up meanwhile, of another amount than the order's, or for a membership that the member has already, is
 * booked and sent back at once, and what the order holds in tokens is let go. Safe to repeat.
 */
export async function settlePayment(tx: Tx, services: Services, order: Order, payment: Payment): Promise<void> {
  if (order.paidAt !== null) return;
  const now = services.clock.now();
  const { charge } = payment;
  const unexpected = await whyUnexpected(tx, order, payment);
  const amount = charge?.amount ?? minor(order.currency, 0n);
  const currency = charge?.currency ?? order.currency;
  if (amount !== order.total || currency !== order.currency) {
    // What was charged is what the order is about from here on: ledger, receipt and refund all speak of it.
    const tax = payment.tax < amount ? payment.tax : amount;
    await recordFacts(tx, order.id, { total: amount, tax, currency });
    order.total = amount;
    order.tax = tax;
    order.currency = currency;
  }
  const deadlineAt = new Date(now.getTime() + services.policy.orderDeadlineMinutes * 60_000);
  await recordFacts(tx, order.id, {
    paidAt: now,
    deadlineAt,
    paymentPending: false,
    ...(payment.paymentIntentId === null ? {} : { paymentIntentId: payment.paymentIntentId }),
    ...(payment.invoiceId === null ? {} : { invoiceId: payment.invoiceId }),
    ...(payment.subscriptionId === null ? {} : { subscriptionId: payment.subscriptionId }),
    ...(charge === null ? {} : { chargeId: charge.id, receiptUrl: charge.receiptUrl }),
  });
  order.paidAt = now;
  order.subscriptionId ??= payment.subscriptionId;
  if (amount > 0n) {
    await post(
      tx,
      paymentReceived({
        orderId: order.id,
        memberId: order.memberId,
        amount,
        tax: order.tax,
        currency: order.currency,
        at: now,
      }),
    );
  }
  const evidence = { paymentId: charge?.id ?? payment.reference, amount: amount.toString(), currency: order.currency };
  if (unexpected !== null) {
    await reportUnexpected(tx, order, unexpected, evidence, now);
    await releaseCredit(tx, order, now);
    await startRefund(tx, order, { key: 'unexpected_payment', reason: 'unexpected_payment' }, now);
    return;
  }
  await moveOrder(tx, order, 'paid', { kind: 'paid', evidence }, now);
  await redeemPromotion(tx, order.id, now);
  await spendCredit(tx, order, now);
  await addRenewalDiscount(tx, order, now);
  const refersTo = { orderId: order.id };
  await queueMail(tx, { memberId: order.memberId, kind: payment.mail, key: order.id, refersTo }, now);
  await addFulfilment(tx, order, now);
}

/** Work for the carrier runs one at a time for a member: OXIO would make a second line for a second question. */
export async function addFulfilment(tx: Tx, order: Order, now: Date): Promise<void> {
  const payload = { orderId: order.id };
  const lane = carrierLane(order.memberId);
  await addJob(tx, { queue: 'carrier', topic: 'order.fulfil', key: order.id, payload, lane }, now);
}

/** Why a payment must not be kept, in an operator's words; null when it is what the order waits for. */
async function whyUnexpected(tx: Tx, order: Order, { charge, subscriptionId, tax }: Payment): Promise<string | null> {
  if (order.state !== 'created') return `the order was ${order.state} by then`;
  if ((await lockMember(tx, order.memberId)).erasedAt !== null) return 'the account was deleted by then';
  const amount = charge?.amount ?? 0n;
  const expected = add(order.total, tax);
  if (amount !== expected) return `it is ${amount} and not the order's ${expected} minor units, ${tax} of it tax`;
  if (charge && charge.currency !== order.currency) return `it is in ${charge.currency} and not in ${order.currency}`;
  if (subscriptionId === null) return null;
  // Two payment pages may have been open at once. Their payments take turns at the member's row, so that the second sees the first's subscription.
  for (const { productId, billing } of order.items) {
    if (billing === 'one_time') continue;
    if (await hasSubscription(tx, order.memberId, productId, subscriptionId))
      return `the member has ${productId} already`;
  }
  return null;
}

/** Puts the payment on the timeline and tells operators why it goes back. */
async function reportUnexpected(
  tx: Tx,
  order: Order,
  why: string,
  evidence: Record<string, string>,
  now: Date,
): Promise<void> {
  await appendEvent(tx, { orderId: order.id, kind: 'paid', evidence }, now);
  const message = `a payment came for order ${order.id} that can't be kept: ${why}. It is being refunded. Find out how it came.`;
  await raiseAlert(tx, { kind: 'payment_unexpected', subject: order.id, message }, now);
}
