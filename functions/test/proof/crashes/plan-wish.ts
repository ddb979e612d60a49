import { need, type Shopper } from '../../support/shopping.ts';

/** What a member sends who has looked at the preview of a change to `productId`, by the year, and agrees. Looking is not disturbed. */
export async function planWish(who: Shopper, productId: string) {
  const [subscription] = (await who.call('getAccount', {})).subscriptions;
  const wish = { subscriptionId: need(subscription).id, productId, cycle: 'annual' as const };
  const { prorationDate, dueNow } = await who.call('previewPlanChange', wish);
  return { ...wish, prorationDate, dueNow };
}
