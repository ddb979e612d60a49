import type { JobHandler } from '../../platform/jobs.ts';
import { queueMail } from '../../store/mails.ts';
import { lockOrder } from '../../store/orders.ts';
import { endRefunded } from './apply-refund.ts';

/**
 * Works off `order.end_uncharged`: ends an order for which no money was charged, because tokens or a code paid all of it. There is nothing
 * to give back at the payment provider; its tokens come back, and what it began ends. Safe to repeat.
 */
export const endUncharged: JobHandler = async (services, job) => {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const order = await lockOrder(tx, String(job.payload['orderId']));
    if (order.state === 'refunding') {
      const reason = String(job.payload['reason']);
      await endRefunded(tx, order, { reason, key: 'uncharged', evidence: {} }, now);
      const refersTo = { orderId: order.id, reason };
      await queueMail(tx, { memberId: order.memberId, kind: 'order_refunded', key: order.id, refersTo }, now);
    }
    await job.finish(tx);
  });
};
