import { findOrderByPayment, lockOrder } from '../../../store/orders.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { applyRefund } from '../apply-refund.ts';
import { ignored, type EventHandler, type EventOutcome } from './event.ts';

/** charge.refunded: books every refund of the charge that we don't know yet, ours or made at the provider. */
export const onChargeRefunded: EventHandler = async (services, event) => {
  const charge = await (await services.payments()).getCharge(event.objectId);
  if (!charge || charge.paymentIntentId === null) return ignored('no such charge');
  return refundsOf(services, charge.paymentIntentId);
};

/** refund.created, .updated and .failed: the same, from the refund's side. */
export const onRefund: EventHandler = async (services, event) => {
  const refund = await (await services.payments()).getRefund(event.objectId);
  if (!refund || refund.paymentIntentId === null) return ignored('no such refund');
  return refundsOf(services, refund.paymentIntentId);
};

async function refundsOf(services: Services, paymentIntentId: string): Promise<(tx: Tx) => Promise<EventOutcome>> {
  const refunds = await (await services.payments()).listRefunds(paymentIntentId);
  return async (tx) => {
    const order = await findOrderByPayment(tx, paymentIntentId);
    if (!order) return 'ignored: not ours';
    for (const refund of refunds) {
      // Read again for each: the one before may have moved the order.
      await applyRefund(tx, services, await lockOrder(tx, order.id), refund);
    }
    return `${refunds.length} refunds known`;
  };
}
