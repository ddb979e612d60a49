import { paymentReceived } from '../../domain/ledger/templates.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import { addJob } from '../../platform/outbox.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { minor } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import { queueMail } from '../../store/mails.ts';
import { carrierLane } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import { startRefund } from '../../store/refunds.ts';
import type { Charge } from '../../vendors/payments/port.ts';

/** What the payment provider holds as paid for an order. `charge` is null for a total of nothing. */
export interface Payment {
  reference: string;
  paymentIntentId: string | null;
  invoiceId: string | null;
  subscriptionId: string | null;
  charge: Charge | null;
}

/**
 * Books a payment for an order that the caller has locked, and sets its deadline: from here on it ends connected or refunded. Money
 * for an order that was given up meanwhile, or of another amount than the order's, is booked and sent back at once. Safe to repeat.
 */
export async function settlePayment(tx: Tx, services: Services, order: Order, payment: Payment): Promise<void> {
  if (order.paidAt !== null) return;
  const now = services.clock.now();
  const { charge } = payment;
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
  const amount = charge?.amount ?? minor(order.currency, 0n);
  if (amount > 0n) {
    await post(
      tx,
      paymentReceived({ orderId: order.id, memberId: order.memberId, amount, currency: order.currency, at: now }),
    );
  }
  const evidence = { paymentId: charge?.id ?? payment.reference, amount: amount.toString(), currency: order.currency };
  if (order.state !== 'created' || amount !== order.total || (charge && charge.currency !== order.currency)) {
    await sendBack(tx, order, amount, evidence, now);
    return;
  }
  await moveOrder(tx, order, 'paid', { kind: 'paid', evidence }, now);
  await queueMail(
    tx,
    { memberId: order.memberId, kind: 'order_paid', key: order.id, refersTo: { orderId: order.id } },
    now,
  );
  await addFulfilment(tx, order, now);
}

/** Work for the carrier runs one at a time for a member: OXIO would make a second line for a second question. */
export async function addFulfilment(tx: Tx, order: Order, now: Date): Promise<void> {
  const payload = { orderId: order.id };
  const lane = carrierLane(order.memberId);
  await addJob(tx, { queue: 'carrier', topic: 'order.fulfil', key: order.id, payload, lane }, now);
}

async function sendBack(
  tx: Tx,
  order: Order,
  amount: bigint,
  evidence: Record<string, string>,
  now: Date,
): Promise<void> {
  await appendEvent(tx, { orderId: order.id, kind: 'paid', evidence }, now);
  const message = `payment of ${amount} ${order.currency} came for order ${order.id} in state ${order.state} with total ${order.total}; it is being refunded. Find out why.`;
  await raiseAlert(tx, { kind: 'payment_unexpected', subject: order.id, message }, now);
  if (amount > 0n && amount <= order.total) {
    await startRefund(
      tx,
      order,
      { key: 'unexpected_payment', reason: 'unexpected_payment', amount: minor(order.currency, amount) },
      now,
    );
  }
}
