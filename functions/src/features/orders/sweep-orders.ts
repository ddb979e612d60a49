import type { Services } from '../../platform/container.ts';
import { addJob } from '../../platform/outbox.ts';
import { findExpiredOrders, findOverdueOrders } from '../../store/orders.ts';
import { refundOverdue } from './fulfil-order.ts';

/** Keeps the promise by the clock: overdue orders get their money back, unpaid ones past their end are closed. */
export async function sweepOrders(services: Services): Promise<{ overdue: number; expired: number }> {
  const now = services.clock.now();
  let overdue = 0;
  for (const orderId of await findOverdueOrders(services.db, now)) {
    if (await refundOverdue(services, orderId)) overdue += 1;
  }
  const expired = await findExpiredOrders(services.db, now);
  for (const orderId of expired) {
    const job = { queue: 'payments', topic: 'order.expire', key: orderId, payload: { orderId } } as const;
    await services.db.transaction((tx) => addJob(tx, job, now));
  }
  return { overdue, expired: expired.length };
}
