import type { Tx } from '../../platform/db.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import { addJob } from '../../platform/outbox.ts';
import { lockOrder, type Order } from '../../store/orders.ts';
import { findPlanChangeOfOrder, listRunningUpgrades } from '../../store/plan-changes.ts';
import { startRefund } from '../../store/refunds.ts';

/**
 * Takes back what a refunded order paid for of a subscription: an upgrade goes back to the plan before it; with any other order the whole
 * subscription ends, and then what was paid on top of it for upgrades in its running period goes back, too.
 */
export async function endPlanOf(tx: Tx, order: Order, subscriptionId: string, now: Date): Promise<void> {
  const upgrade = await findPlanChangeOfOrder(tx, order.id);
  if (upgrade) {
    const payload = { changeId: upgrade.id };
    await addJob(tx, { queue: 'payments', topic: 'plan.undo', key: upgrade.id, payload }, now);
    return;
  }
  await addSubscriptionEnd(tx, subscriptionId, now);
  for (const { orderId } of await listRunningUpgrades(tx, subscriptionId, now)) {
    const paid = orderId === null ? null : await lockOrder(tx, orderId);
    if (!paid || paid.paidAt === null || paid.refunded >= paid.total || paid.state === 'refunding') continue;
    await startRefund(tx, paid, { key: 'plan_ended', reason: 'plan_ended' }, now);
  }
}

/** Has a subscription ended at the payment provider, once: its money went back, so it must not be collected again. */
async function addSubscriptionEnd(tx: Tx, subscriptionId: string, now: Date): Promise<void> {
  const payload = { subscriptionId };
  await addJob(tx, { queue: 'payments', topic: 'subscription.end', key: subscriptionId, payload }, now);
}

/** Works off `subscription.end`. Safe to repeat; the provider's own event then tells us the subscription's new state. */
export const endSubscription: JobHandler = async (services, job) => {
  await (await services.payments()).cancelSubscription(String(job.payload['subscriptionId']));
  await services.db.transaction((tx) => job.finish(tx));
};
