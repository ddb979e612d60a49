import { fetchSubscription, saveSubscriptionOf } from '../save-subscription.ts';
import { ignored, type EventHandler } from './event.ts';

/** customer.subscription.created, .updated and .deleted: keeps the subscription as it is now, whatever the event told. */
export const onSubscription: EventHandler = async (services, event) => {
  const truth = await fetchSubscription(services, event.objectId);
  if (!truth) return ignored('no such subscription');
  return async (tx) => ((await saveSubscriptionOf(tx, services, truth)) ? 'subscription kept' : 'ignored: not ours');
};
