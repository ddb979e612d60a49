import { applySession, fetchSession } from '../apply-session.ts';
import { fetchSubscription, saveSubscriptionOf } from '../save-subscription.ts';
import { ignored, type EventHandler } from './event.ts';

/** checkout.session.completed, .async_payment_succeeded, .async_payment_failed and .expired: all ask what became of the session. */
export const onCheckoutSession: EventHandler = async (services, event) => {
  const truth = await fetchSession(services, event.objectId);
  if (!truth) return ignored('no such session');
  const { subscriptionId } = truth.session;
  const subscription = subscriptionId === null ? null : await fetchSubscription(services, subscriptionId);
  return async (tx) => {
    const outcome = await applySession(tx, services, truth);
    if (outcome === 'paid' && subscription) await saveSubscriptionOf(tx, services, subscription);
    return outcome;
  };
};
