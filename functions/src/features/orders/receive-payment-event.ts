import type { Services } from '../../platform/container.ts';
import type { Db } from '../../platform/db.ts';
import { gather } from '../../platform/gather.ts';
import { log } from '../../platform/log.ts';
import { newEntry } from '../../platform/outbox.ts';
import { eventJob, receiveEvents, type EventToKeep } from '../../store/inbox.ts';
import { eventHandlers } from './payment-events/index.ts';

/**
 * Two batches at once: while the tasks of one are being queued, the database keeps the next. Fifty are more than an instance takes in at
 * a time.
 */
const limits = { parallel: 2, batch: 50 };

const keepers = new WeakMap<Db, (event: EventToKeep) => Promise<boolean>>();

/** What keeps events in `db`, those that come at the same time together. */
function keeperOf(db: Db): (event: EventToKeep) => Promise<boolean> {
  let keep = keepers.get(db);
  if (!keep) {
    keep = gather((events) => db.statement((tx) => receiveEvents(tx, events)), limits);
    keepers.set(db, keep);
  }
  return keep;
}

/**
 * Takes in a webhook: verifies the signature over the raw body, keeps the event once, and leaves the work to a task. Throws
 * `webhook.signature_invalid`. Events of connected accounts are not ours and are not kept.
 */
export async function receivePaymentEvent(
  services: Services,
  rawBody: Buffer,
  signature: string | undefined,
): Promise<{ isNew: boolean }> {
  const payments = await services.payments();
  const receivedAt = services.clock.now();
  const event = payments.verifyWebhook(rawBody, signature, receivedAt);
  if (event.account !== null) {
    log.eventIgnored('stripe', event.id, event.type, 'another account');
    return { isNew: false };
  }
  const { id: eventId, type, createdAt: eventAt } = event;
  const objectId = event.objectId ?? '';
  const handled = objectId !== '' && Object.hasOwn(eventHandlers, type);
  const job = handled ? newEntry(eventJob, receivedAt) : null;
  const isNew = await keeperOf(services.db)({ source: 'stripe', eventId, type, objectId, eventAt, receivedAt, job });
  log.webhookReceived('stripe', eventId, type, isNew);
  return { isNew };
}
