import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { findExpiredOrders, findOverdueOrders, findUnsettledOrders } from '../../store/orders.ts';
import { refundOverdue } from './fulfil-order.ts';

/** A payment of which no event has come for this long is asked about, and again after as long. */
const checkMs = 10 * 60_000;

/**
 * Keeps the promise by the clock: overdue orders get their money back, unpaid ones past their end are closed, and payments whose
 * event was lost are found.
 */
export async function sweepOrders(services: Services): Promise<{ overdue: number; expired: number }> {
  const now = services.clock.now();
  let overdue = 0;
  for (const orderId of await findOverdueOrders(services.db, now)) {
    try {
      if (await refundOverdue(services, orderId)) overdue += 1;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // One order that can't be refunded must not keep the others from it.
      const message = `order ${orderId} is past its deadline and its refund can't be started: ${error.message}. Refund it by hand.`;
      await raiseAlert(services.db, { kind: 'order_overdue', subject: orderId, message }, now);
    }
  }
  const expired = await findExpiredOrders(services.db, now);
  for (const orderId of expired) {
    const job = { queue: 'payments', topic: 'order.expire', key: orderId, payload: { orderId } } as const;
    await services.db.transaction((tx) => addJob(tx, job, now));
  }
  const period = Math.floor(now.getTime() / checkMs);
  for (const orderId of await findUnsettledOrders(services.db, new Date(now.getTime() - checkMs))) {
    const key = `${orderId}:${String(period)}`;
    const job = { queue: 'payments', topic: 'order.check_payment', key, payload: { orderId } } as const;
    await services.db.transaction((tx) => addJob(tx, job, now));
  }
  return { overdue, expired: expired.length };
}
