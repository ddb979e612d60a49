import { touchMember } from '../../../store/members.ts';
import { appendEvent } from '../../../store/order-events.ts';
import { findOrder } from '../../../store/orders.ts';
import { ignored, type EventHandler } from './event.ts';

/**
 * payment_intent.payment_failed: the card was declined; the payment page stays open for another try. A bank that does not send what is
 * under way says the same here, but it is the session's own event that ends that order.
 */
export const onPaymentFailed: EventHandler = async (services, event) => {
  const payment = await (await services.payments()).getPayment(event.objectId);
  if (!payment || payment.orderId === null) return ignored('no order');
  const { orderId } = payment;
  return async (tx) => {
    const order = await findOrder(tx, orderId);
    if (order?.state !== 'created' || order.paymentPending) return 'ignored: order does not wait for a card';
    const now = services.clock.now();
    await appendEvent(
      tx,
      { orderId, kind: 'payment_declined', key: event.eventId, evidence: { paymentId: event.objectId } },
      now,
    );
    await touchMember(tx, order.memberId, now);
    return 'declined';
  };
};
