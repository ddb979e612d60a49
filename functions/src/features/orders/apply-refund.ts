import { dataTakenBack, refundIssued } from '../../domain/ledger/templates.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { add, minor, type Amount } from '../../shared/money.ts';
import { balanceOf, post } from '../../store/ledger.ts';
import { queueMail } from '../../store/mails.ts';
import { touchMember } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import { adoptRefund, moveRefund } from '../../store/refunds.ts';
import { dataAccountOf } from '../../store/views.ts';
import type { Refund } from '../../vendors/payments/port.ts';
import { reverseRewards } from './reverse-rewards.ts';

/**
 * Books a refund as the payment provider holds it, for an order that the caller has locked. Safe to repeat, and it does not matter
 * whether our own call or the webhook comes first, or whether the refund was made at the provider itself.
 */
export async function applyRefund(tx: Tx, services: Services, order: Order, refund: Refund): Promise<void> {
  const now = services.clock.now();
  const record = await adoptRefund(
    tx,
    order,
    { stripeRefundId: refund.id, refundId: refund.metadata['refund_id'] ?? null, amount: refund.amount },
    now,
  );
  if (refund.status === 'failed' || refund.status === 'canceled') {
    await reportFailure(tx, order, record.id, refund, now);
    return;
  }
  // `pending` is a refund on its way to a bank: the provider has taken it from our balance, so it counts from now on.
  if (record.state === 'succeeded' || !(await moveRefund(tx, record.id, 'succeeded', now))) return;
  await bookRefund(tx, order, refund, now);
}

async function bookRefund(tx: Tx, order: Order, refund: Refund, now: Date): Promise<void> {
  const amount = minor(order.currency, refund.amount);
  const refunded = add(order.refunded, amount);
  const whole = refunded >= order.total;
  const { id: orderId, memberId, currency, settled } = order;
  await post(tx, refundIssued({ refundId: refund.id, orderId, memberId, amount, currency, settled, at: now }));
  await recordFacts(tx, order.id, { refunded });
  order.refunded = refunded;
  await reverseRewards(tx, order, now);
  const evidence = { refundId: refund.id, amount: amount.toString(), currency };
  const refersTo = { orderId, refundId: refund.id };
  if (whole) {
    if (settled) await takeDataBack(tx, order, now);
    if (order.state !== 'refunding') {
      await moveOrder(
        tx,
        order,
        'refunding',
        { kind: 'refund_started', evidence: { reason: 'made at the payment provider' } },
        now,
      );
    }
    await moveOrder(tx, order, 'refunded', { kind: 'refunded', evidence }, now);
    await queueMail(tx, { memberId, kind: 'order_refunded', key: orderId, refersTo }, now);
    return;
  }
  await appendEvent(tx, { orderId, kind: 'refunded_in_part', key: refund.id, evidence }, now);
  await touchMember(tx, memberId, now);
  await queueMail(tx, { memberId, kind: 'order_refunded_in_part', key: refund.id, refersTo }, now);
}

/** Data that was not used goes back with the money; what was used is gone and stays a gift. */
async function takeDataBack(tx: Tx, order: Order, now: Date): Promise<void> {
  if (order.lineId === null) return;
  const granted = order.items.reduce((sum, item) => sum + (item.dataBytes ?? 0n) * BigInt(item.quantity), 0n);
  const left = await balanceOf(tx, dataAccountOf(order.lineId));
  const amount: Amount<'BYTE'> = minor('BYTE', left < granted ? left : granted);
  if (amount > 0n) await post(tx, dataTakenBack({ orderId: order.id, lineId: order.lineId, amount, at: now }));
}

async function reportFailure(tx: Tx, order: Order, recordId: string, refund: Refund, now: Date): Promise<void> {
  const isNew = await appendEvent(
    tx,
    { orderId: order.id, kind: 'refund_failed', key: refund.id, evidence: { refundId: refund.id } },
    now,
  );
  if (!isNew) return;
  const message = `the bank sent back refund ${refund.id} of order ${order.id}. Pay the member in another way, then close this alert (record ${recordId}).`;
  await raiseAlert(tx, { kind: 'refund_failed', subject: order.id, message }, now);
  await touchMember(tx, order.memberId, now);
}
