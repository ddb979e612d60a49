import { disputeClosed, disputeOpened } from '../../../domain/ledger/templates.ts';
import { raiseAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { minor } from '../../../shared/money.ts';
import { findDispute, saveDispute, saveTaxOfDispute } from '../../../store/disputes.ts';
import { post } from '../../../store/ledger.ts';
import { touchMember } from '../../../store/members.ts';
import { appendEvent } from '../../../store/order-events.ts';
import { findOrderByPayment, lockOrder, type Order } from '../../../store/orders.ts';
import type { Dispute } from '../../../vendors/payments/port.ts';
import { endRefunded, recordReturn } from '../apply-refund.ts';
import { reverseRewards } from '../reverse-rewards.ts';
import { ignored, type EventHandler } from './event.ts';
import { notBooked } from './not-booked.ts';

/** charge.dispute.created and .closed: books where the disputed money is now. */
export const onDispute: EventHandler = async (services, event) => {
  const payments = await services.payments();
  const dispute = await payments.getDispute(event.objectId);
  if (!dispute || dispute.paymentIntentId === null) return ignored('no such dispute');
  const { paymentIntentId } = dispute;
  const charge = await payments.getCharge(dispute.chargeId);
  return async (tx) => {
    const order = await findOrderByPayment(tx, paymentIntentId);
    if (!order) return notBooked(tx, services, event, charge?.customerId ?? null);
    return applyDispute(tx, services, await lockOrder(tx, order.id), dispute);
  };
};

async function applyDispute(tx: Tx, services: Services, order: Order, dispute: Dispute): Promise<string> {
  const now = services.clock.now();
  const known = await findDispute(tx, dispute.id);
  if (!known) await openDispute(tx, order, dispute, now);
  const closed = outcomeOf(dispute);
  if (closed === null) return 'dispute open';
  if (known && known.status !== 'open') return 'dispute closed before';
  await saveDispute(tx, { id: dispute.id, orderId: order.id, amount: dispute.amount, status: closed }, now);
  const { id: orderId, memberId, currency, settled } = order;
  const { id: disputeId, amount } = dispute;
  if (closed === 'won') {
    await post(tx, disputeClosed({ disputeId, orderId, memberId, amount, currency, settled, won: true, at: now }));
    await appendEvent(tx, { orderId, kind: 'dispute_won', key: dispute.id, evidence: { disputeId: dispute.id } }, now);
    await touchMember(tx, order.memberId, now);
    return 'dispute won';
  }
  const tax = await loseDispute(tx, order, dispute, now);
  await post(tx, disputeClosed({ disputeId, orderId, memberId, amount, tax, currency, settled, won: false, at: now }));
  await endIfAllIsBack(tx, order, dispute, now);
  return 'dispute lost';
}

/** A bank's warning that came to nothing leaves the money where it was, as a dispute that we won. Null while it is undecided. */
function outcomeOf({ status }: Dispute): 'won' | 'lost' | null {
  if (status === 'open') return null;
  return status === 'lost' ? 'lost' : 'won';
}

async function openDispute(tx: Tx, order: Order, dispute: Dispute, now: Date): Promise<void> {
  await saveDispute(tx, { id: dispute.id, orderId: order.id, amount: dispute.amount, status: 'open' }, now);
  const { id: orderId, currency } = order;
  await post(tx, disputeOpened({ disputeId: dispute.id, orderId, amount: dispute.amount, currency, at: now }));
  await appendEvent(tx, { orderId, kind: 'dispute_opened', key: dispute.id, evidence: { disputeId: dispute.id } }, now);
  await touchMember(tx, order.memberId, now);
  const message = `the bank disputes the payment of order ${orderId} (${dispute.reason}). Answer with the order's timeline as evidence.`;
  await raiseAlert(tx, { kind: 'dispute_opened', subject: orderId, message }, now);
}

/** The bank gave the member the money back: the rewards go the way of the money. Gives the part of it that was tax. */
async function loseDispute(tx: Tx, order: Order, dispute: Dispute, now: Date): Promise<Order['tax']> {
  const tax = await recordReturn(tx, order, minor(order.currency, dispute.amount), now);
  await saveTaxOfDispute(tx, dispute.id, tax);
  await reverseRewards(tx, order, now);
  const evidence = evidenceOf(order, dispute);
  await appendEvent(tx, { orderId: order.id, kind: 'dispute_lost', key: dispute.id, evidence }, now);
  await touchMember(tx, order.memberId, now);
  return tax;
}

function evidenceOf({ currency }: Order, { id, amount }: Dispute): Record<string, string> {
  return { disputeId: id, amount: amount.toString(), currency };
}

async function endIfAllIsBack(tx: Tx, order: Order, dispute: Dispute, now: Date): Promise<void> {
  if (order.refunded < order.total || order.state === 'refunded') return;
  const evidence = evidenceOf(order, dispute);
  await endRefunded(tx, order, { reason: 'dispute lost', key: dispute.id, evidence }, now);
}
