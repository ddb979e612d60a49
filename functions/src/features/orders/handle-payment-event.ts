import type { JobHandler } from '../../platform/jobs.ts';
import { log } from '../../platform/log.ts';
import { CodedError } from '../../shared/errors.ts';
import { findEvent, finishEvent } from '../../store/inbox.ts';
import { eventHandlers } from './payment-events/index.ts';

/** Works off `payments.event`: fetches what is true now, then effect, event and job are done in one transaction. */
export const handlePaymentEvent: JobHandler = async (services, job) => {
  const eventId = String(job.payload['eventId']);
  const event = await findEvent(services.db, 'stripe', eventId);
  if (!event) throw new CodedError('not_found', `no event ${eventId} in the inbox`);
  const load = eventHandlers[event.type];
  const handler = await load?.();
  const effect = await handler?.(services, event);
  await services.db.transaction(async (tx) => {
    const outcome = effect ? await effect(tx) : 'ignored: no handler for this type';
    await finishEvent(tx, 'stripe', eventId, outcome, services.clock.now());
    if (outcome.startsWith('ignored')) log.eventIgnored('stripe', eventId, event.type, outcome);
    await job.finish(tx);
  });
};
