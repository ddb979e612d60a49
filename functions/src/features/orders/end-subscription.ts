import type { Tx } from '../../platform/db.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import { addJob } from '../../platform/outbox.ts';

/** Has a subscription ended at the payment provider, once: its money went back, so it must not be collected again. */
export async function addSubscriptionEnd(tx: Tx, subscriptionId: string, now: Date): Promise<void> {
  const payload = { subscriptionId };
  await addJob(tx, { queue: 'payments', topic: 'subscription.end', key: subscriptionId, payload }, now);
}

/** Works off `subscription.end`. Safe to repeat; the provider's own event then tells us the subscription's new state. */
export const endSubscription: JobHandler = async (services, job) => {
  await (await services.payments()).cancelSubscription(String(job.payload['subscriptionId']));
  await services.db.transaction((tx) => job.finish(tx));
};
