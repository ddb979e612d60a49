import type { Services } from '../../platform/container.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { findPlanChange, movePlanChange, type PlanChange } from '../../store/plan-changes.ts';
import { getOwnSubscription, saveSubscription } from '../../store/subscriptions.ts';
import type { SubscriptionItem, SubscriptionState } from '../../vendors/payments/port.ts';
import { seenSubscription } from '../../vendors/payments/seen-subscription.ts';

/**
 * Works off `plan.undo`: the money of an upgrade went back, so the plan before it runs again, for the time that was paid for it. Safe to
 * repeat. A subscription that has ended, was changed again or has renewed since is left as it is: what runs there was paid for otherwise.
 */
export const undoChange: JobHandler = async (services, job) => {
  const change = await findPlanChange(services.db, String(job.payload['changeId']));
  if (!change) throw new CodedError('not_found', `no change of plan ${String(job.payload['changeId'])}`);
  const seenAt = services.clock.now();
  const held = await (await services.payments()).getSubscription(change.stripeSubscriptionId);
  const item = held?.items.find(({ id }) => id === change.stripeItemId);
  const isOurs = held !== null && held.status !== 'canceled' && item !== undefined && isAsMade(change, item);
  const after = isOurs ? await goBack(services, change) : null;
  await services.db.transaction(async (tx) => {
    const now = services.clock.now();
    if (after) {
      const { memberId, subscriptionId } = change;
      const { orderId } = await getOwnSubscription(tx, subscriptionId, memberId);
      await saveSubscription(tx, { ...seenSubscription(after), memberId, orderId, seenAt }, now);
    }
    await movePlanChange(tx, change.id, ['requested', 'done'], 'undone', now);
    await job.finish(tx);
  });
};

/** Still the price that the upgrade put there, in the period that it was put there for. */
function isAsMade({ from, to, periodEnd, requestedAt }: PlanChange, item: SubscriptionItem): boolean {
  if (item.priceId !== to.priceId) return false;
  if (from.cycle === to.cycle) return item.periodEnd.getTime() <= periodEnd.getTime();
  // Another rhythm began a period of its own when the change was made, which is at most a day after it was asked for.
  return item.periodStart.getTime() <= requestedAt.getTime() + 86_400_000;
}

async function goBack(services: Services, change: PlanChange): Promise<SubscriptionState> {
  const payments = await services.payments();
  const { id, stripeSubscriptionId: subscriptionId, stripeItemId: itemId, from, to, periodEnd } = change;
  const otherCycle = from.cycle !== to.cycle;
  // The time that was paid for at the old rhythm is over, and nobody asked for more of it: there is nothing to go back to.
  if (otherCycle && periodEnd <= services.clock.now()) return payments.cancelSubscription(subscriptionId);
  const holdUntil = otherCycle ? periodEnd : null;
  return payments.swapAtRenewal({ key: `${id}:undo`, subscriptionId, itemId, priceId: from.priceId, holdUntil });
}
