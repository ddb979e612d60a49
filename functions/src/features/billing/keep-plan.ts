import type { Services } from '../../platform/container.ts';
import { movePlanChange } from '../../store/plan-changes.ts';
import { saveSubscription } from '../../store/subscriptions.ts';
import { seenSubscription } from '../../vendors/payments/seen-subscription.ts';
import type { GrantableWish } from './plan-wish.ts';

/** Takes a planned downgrade back: the plan that runs goes on after its renewal. Safe to repeat; does nothing when none is planned. */
export async function keepPlan(services: Services, { member, own, planned }: GrantableWish): Promise<void> {
  if (!planned) return;
  const seenAt = services.clock.now();
  const subscription = await (
    await services.payments()
  ).swapAtRenewal({
    key: `${planned.id}:keep`,
    subscriptionId: own.stripeSubscriptionId,
    itemId: planned.stripeItemId,
    priceId: planned.from.priceId,
    holdUntil: planned.from.cycle === planned.to.cycle ? null : planned.periodEnd,
  });
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const whose = { memberId: member.id, orderId: own.orderId, seenAt };
    await saveSubscription(tx, { ...seenSubscription(subscription), ...whose }, now);
    await movePlanChange(tx, planned.id, ['scheduled'], 'undone', now);
  });
}
