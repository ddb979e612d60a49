import { undelivered } from '../../domain/orders/transitions.ts';
import type { Services } from '../../platform/container.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Member } from '../../store/members.ts';
import { listOrdersOf, lockOrder, type Order } from '../../store/orders.ts';
import { startRefund } from '../../store/refunds.ts';

/** Orders are read newest first; what is still open is among them. */
const newest = 1_000;

/**
 * Gives up the member's unpaid orders and gives back the money of those that were paid and not delivered. True when each has come to its
 * end. An order whose money is on its way for days (bank debit) is not waited for: when it comes, it is sent back. Safe to repeat.
 */
export async function settleOpenOrders(services: Services, member: Member): Promise<boolean> {
  const orders = await listOrdersOf(services.db, member.id, newest);
  const unpaid = orders.filter((order) => order.state === 'created' && !order.paymentPending);
  const owed = orders.filter((order) => undelivered.includes(order.state));
  const onTheWayBack = orders.filter((order) => order.state === 'refunding');
  for (const order of unpaid) await giveUp(services, order);
  for (const order of owed) await giveBack(services, order);
  return unpaid.length + owed.length + onTheWayBack.length === 0;
}

/** The order's own feature closes the payment page; when the member paid in the same moment, the next look finds the order paid. */
async function giveUp({ db, clock }: Services, order: Order): Promise<void> {
  const job = {
    queue: 'payments',
    topic: 'order.expire',
    key: `${order.id}:account_deleted`,
    payload: { orderId: order.id },
  } as const;
  await db.transaction((tx) => addJob(tx, job, clock.now()));
}

async function giveBack({ db, clock }: Services, order: Order): Promise<void> {
  await db.transaction(async (tx) => {
    const locked = await lockOrder(tx, order.id);
    if (!undelivered.includes(locked.state)) return;
    try {
      await startRefund(tx, locked, { key: 'account_deleted', reason: 'account_deleted' }, clock.now());
    } catch (error) {
      // Nothing is left to give back: earlier refunds in part took all of it.
      if (!(error instanceof CodedError) || error.code !== 'order.not_refundable') throw error;
    }
  });
}
