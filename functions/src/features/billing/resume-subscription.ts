import type { Handler } from '../../platform/operations.ts';
import { endWithPeriod } from './end-with-period.ts';

/** Takes a cancellation back: the subscription renews at the end of its period. */
export const resumeSubscription: Handler<'resumeSubscription'> = ({ services, identity }, { subscriptionId }) =>
  endWithPeriod(services, identity, subscriptionId, false);
