import type { Services } from '../../platform/container.ts';
import { log } from '../../platform/log.ts';
import { receiveEvent } from '../../store/inbox.ts';
import { eventHandlers } from './payment-events/index.ts';

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
  const now = services.clock.now();
  const event = payments.verifyWebhook(rawBody, signature, now);
  if (event.account !== null) {
    log.eventIgnored('stripe', event.id, event.type, 'another account');
    return { isNew: false };
  }
  const { id: eventId, type, createdAt: eventAt } = event;
  const objectId = event.objectId ?? '';
  const isNew = await services.db.transaction((tx) =>
    receiveEvent(tx, { source: 'stripe', eventId, type, objectId, eventAt }, now, {
      handled: objectId !== '' && Object.hasOwn(eventHandlers, type),
    }),
  );
  log.webhookReceived('stripe', eventId, type, isNew);
  return { isNew };
}
