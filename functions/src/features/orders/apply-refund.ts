import { taxShare } from '../../domain/billing/tax-share.ts';
import { lineData } from '../../domain/ledger/accounts.ts';
import { dataTakenBack, refundIssued } from '../../domain/ledger/templates.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { CodedError } from '../../shared/errors.ts';
import { add, minor, subtract, type Amount } from '../../shared/money.ts';
import { balanceOf, findTransfer, post, reverse } from '../../store/ledger.ts';
import { readDataOfOtherOrders } from '../../store/lines.ts';
import { queueMail } from '../../store/mails.ts';
import { touchMember } from '../../store/members.ts';
import { returnShareOfCredit } from '../../store/order-credit.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import { adoptRefund, moneyReturned, moveRefund, recordTaxOfRefund, type RefundRecord } from '../../store/refunds.ts';
import type { Refund } from '../../vendors/payments/port.ts';
import { endPlanOf } from './end-subscription.ts';
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
  // A refund that failed does not come to life again: what says otherwise was asked for before it failed.
  if (record.state === 'failed') return;
  const isBooked = record.state === 'succeeded';
  if (refund.status === 'failed' || refund.status === 'canceled') {
    await moveRefund(tx, record.id, 'failed', now);
    if (isBooked) await unbookRefund(tx, order, record, refund, now);
    await reportFailure(tx, order, record.id, refund, now);
    return;
  }
  // `pending` is a refund on its way to a bank: the provider has taken it from our balance, so it counts from now on.
  if (isBooked) return;
  await moveRefund(tx, record.id, 'succeeded', now);
  await bookRefund(tx, order, record.id, refund, now);
}

async function bookRefund(tx: Tx, order: Order, recordId: string, refund: Refund, now: Date): Promise<void> {
  const amount = minor(order.currency, refund.amount);
  const { id: orderId, memberId, currency, settled } = order;
  const tax = await recordReturn(tx, order, amount, now);
  await recordTaxOfRefund(tx, recordId, tax);
  await post(tx, refundIssued({ refundId: refund.id, orderId, memberId, amount, tax, currency, settled, at: now }));
  await reverseRewards(tx, order, now);
  const evidence = { refundId: refund.id, amount: amount.toString(), currency };
  // The mail looks the refund up by our own id of it.
  const refersTo = { orderId, refundId: recordId };
  if (order.refunded >= order.total) {
    await endRefunded(tx, order, { reason: 'made at the payment provider', key: refund.id, evidence }, now);
    await queueMail(tx, { memberId, kind: 'order_refunded', key: refund.id, refersTo }, now);
    return;
  }
  await appendEvent(tx, { orderId, kind: 'refunded_in_part', key: refund.id, evidence }, now);
  await touchMember(tx, memberId, now);
  await queueMail(tx, { memberId, kind: 'order_refunded_in_part', key: refund.id, refersTo }, now);
}

/**
 * Notes on an order, locked by the caller, that so much more of its money is back with the member; its credit comes back in the same
 * share. A refund may have been under way when the bank took the money, too: more than was paid is not this order's. Gives the part of
 * the money that is tax: each part takes its share, and all of them together all of the tax.
 */
export async function recordReturn(tx: Tx, order: Order, sum: Order['refunded'], now: Date): Promise<Order['tax']> {
  const left = subtract(order.total, order.refunded);
  const amount = sum < left ? sum : left;
  const refunded = add(order.refunded, amount);
  const { total, tax, taxRefunded: taxRefundedBefore } = order;
  const share = minor(order.currency, taxShare({ total, tax, amount, refundedAfter: refunded, taxRefundedBefore }));
  await recordRefunded(tx, order, refunded, add(order.taxRefunded, share));
  await returnShareOfCredit(tx, order, now);
  return share;
}

async function recordRefunded(
  tx: Tx,
  order: Order,
  refunded: Order['refunded'],
  taxRefunded: Order['taxRefunded'],
): Promise<void> {
  await recordFacts(tx, order.id, { refunded, taxRefunded });
  order.refunded = refunded;
  order.taxRefunded = taxRefunded;
}

/**
 * Ends an order whose money is all back with the member, by a refund or by the bank's word: what is left of its data goes with it,
 * and a subscription that it paid for ends.
 */
export async function endRefunded(
  tx: Tx,
  order: Order,
  why: { reason: string; key: string; evidence: Record<string, string> },
  now: Date,
): Promise<void> {
  if (order.settled) await takeDataBack(tx, order, now);
  if (order.subscriptionId !== null) await endPlanOf(tx, order, order.subscriptionId, now);
  const { key, evidence } = why;
  if (order.state !== 'refunding') {
    await moveOrder(tx, order, 'refunding', { kind: 'refund_started', key, evidence: { reason: why.reason } }, now);
  }
  await moveOrder(tx, order, 'refunded', { kind: 'refunded', key, evidence }, now);
}

/**
 * Data that was not used goes back with the money, once. What was used is gone and stays a gift, and counts as used of this order: the
 * allowance of the member's other orders is left whole.
 */
async function takeDataBack(tx: Tx, order: Order, now: Date): Promise<void> {
  if (order.lineId === null) return;
  const granted = order.items.reduce((sum, item) => sum + (item.dataBytes ?? 0n) * BigInt(item.quantity), 0n);
  const onLine = await balanceOf(tx, lineData(order.lineId));
  const left = onLine - (await readDataOfOtherOrders(tx, order.lineId, order.id));
  const amount: Amount<'BYTE'> = minor('BYTE', left < granted ? left : granted);
  if (amount <= 0n) return;
  const posting = dataTakenBack({ orderId: order.id, lineId: order.lineId, amount, at: now });
  // A refund that the bank returned had taken it back before; what the line has now came with other orders.
  if ((await findTransfer(tx, posting.key)) === null) await post(tx, posting);
}

/**
 * The bank returned a refund that was booked: the money is ours to give again, so the very posting is reversed. Rewards and data stay
 * taken back, and credit given back: the member is still owed the money that they went with.
 */
async function unbookRefund(tx: Tx, order: Order, record: RefundRecord, refund: Refund, now: Date): Promise<void> {
  const { id: orderId, memberId, currency, settled } = order;
  const amount = minor(currency, refund.amount);
  const { key } = refundIssued({ refundId: refund.id, orderId, memberId, amount, currency, settled, at: now });
  const tax = minor(currency, record.tax);
  const transferId = await findTransfer(tx, key);
  if (transferId === null) throw new CodedError('internal', `refund ${refund.id} is booked without a transfer ${key}`);
  await reverse(tx, {
    transferId,
    key: `${key}/reversed`,
    eventAt: now,
    meta: { orderId, memberId, refundId: refund.id },
  });
  const returned = await moneyReturned(tx, order);
  const refunded = returned < order.total ? returned : order.total;
  await recordRefunded(tx, order, refunded, subtract(order.taxRefunded, tax));
  if (order.state === 'refunded' && refunded < order.total) {
    const evidence = { refundId: refund.id };
    await moveOrder(tx, order, 'refunding', { kind: 'refund_failed', key: refund.id, evidence }, now);
  }
}

async function reportFailure(tx: Tx, order: Order, recordId: string, refund: Refund, now: Date): Promise<void> {
  const { id: orderId, memberId } = order;
  await appendEvent(tx, { orderId, kind: 'refund_failed', key: refund.id, evidence: { refundId: refund.id } }, now);
  await touchMember(tx, memberId, now);
  const message = `the bank sent back refund ${refund.id} of order ${orderId} (record ${recordId}). Refund the order again, or pay the member in another way; then close this alert.`;
  await raiseAlert(tx, { kind: 'refund_failed', subject: orderId, message }, now);
}
