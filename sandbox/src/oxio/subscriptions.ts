import { randomUUID } from 'node:crypto';
import type { Core } from '../core/vendor.ts';
import { invalidParameters, OxioError } from './errors.ts';
import { timestamp } from './formats.ts';
import { OXIO_PLANS } from './plans.ts';
import { readSettings } from './settings.ts';

/** A plan put on a line. The real reply is unknown; all of this shape is assumed. */
export interface Subscription {
  subscriptionId: string;
  lineId: string;
  plan: { planId: string; displayName: string };
  status: 'SUBSCRIPTION_ACTIVE';
  createdTs: string;
}

/** Puts a plan on a line, each time anew: nothing is deduplicated. An unknown plan or line: assumed code 3. */
export function createSubscription(core: Core, input: { lineId: string; planId: string }): Subscription {
  const { refuseSubscriptions } = readSettings(core.store);
  const plan = OXIO_PLANS.find((candidate) => candidate.planId === input.planId);
  if (!plan || !core.store.get('oxio-line', input.lineId)) throw invalidParameters();
  if (refuseSubscriptions) {
    throw new OxioError(refuseSubscriptions.status as 400, refuseSubscriptions.error, refuseSubscriptions.code);
  }
  const subscription: Subscription = {
    subscriptionId: randomUUID(),
    lineId: input.lineId,
    plan: { planId: plan.planId, displayName: plan.displayName },
    status: 'SUBSCRIPTION_ACTIVE',
    createdTs: timestamp(core.clock.now()),
  };
  core.store.put('oxio-subscription', subscription.subscriptionId, subscription, { lineId: input.lineId });
  return subscription;
}

/** Lists subscriptions, oldest first, of one line or all. */
export function listSubscriptions(core: Core, lineId?: string): Subscription[] {
  return core.store.list<Subscription>('oxio-subscription', lineId ? { lineId } : {});
}
