import { findOrderByPayment, lockOrder } from '../../../store/orders.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { applyRefund } from '../apply-refund.ts';
import type { ReceivedEvent } from '../../../store/inbox.ts';
import { ignored, type EventHandler, type EventOutcome } from './event.ts';
import { notBooked } from './not-booked.ts';

/** charge.refunded: books every refund of the charge that we don't know yet, ours or made at the provider. */
export const onChargeRefunded: EventHandler = async (services, event) => {
  const charge = await (await services.payments()).getCharge(event.objectId);
  if (!charge || charge.paymentIntentId === null) return ignored('no such charge');
  return refundsOf(services, event, charge.paymentIntentId, charge.customerId);
};

/** refund.created, .updated and .failed: the same, from the refund's side. */
export const onRefund: EventHandler = async (services, event) => {
  const payments = await services.payments();
  const refund = await payments.getRefund(event.objectId);
  if (!refund || refund.paymentIntentId === null) return ignored('no such refund');
  const charge = refund.chargeId === null ? null : await payments.getCharge(refund.chargeId);
  return refundsOf(services, event, refund.paymentIntentId, charge?.customerId ?? null);
};

async function refundsOf(
  services: Services,
  event: ReceivedEvent,
  paymentIntentId: string,
  customerId: string | null,
): Promise<(tx: Tx) => Promise<EventOutcome>> {
  const refunds = await (await services.payments()).listRefunds(paymentIntentId);
  return async (tx) => {
    const order = await findOrderByPayment(tx, paymentIntentId);
    if (!order) return notBooked(tx, services, event, customerId);
    for (const refund of refunds) {
      // Read again for each: the one before may have moved the order.
      await applyRefund(tx, services, await lockOrder(tx, order.id), refund);
    }
    return `${refunds.length} refunds known`;
  };
}
