import type { Handler } from '../../platform/operations.ts';
import { endWithPeriod } from './end-with-period.ts';

/** Lets a subscription end with the period that is paid for; nothing more is collected. */
export const cancelSubscription: Handler<'cancelSubscription'> = ({ services, identity }, { subscriptionId }) =>
  endWithPeriod(services, identity, subscriptionId, true);
