import { touchMember } from '../../../store/members.ts';
import { appendEvent } from '../../../store/order-events.ts';
import { findOrder } from '../../../store/orders.ts';
import { ignored, type EventHandler } from './event.ts';

/** payment_intent.payment_failed: the card was declined; the payment page stays open for another try. */
export const onPaymentFailed: EventHandler = async (services, event) => {
  const payment = await (await services.payments()).getPayment(event.objectId);
  if (!payment || payment.orderId === null) return ignored('no order');
  const { orderId } = payment;
  return async (tx) => {
    const order = await findOrder(tx, orderId);
    if (order?.state !== 'created') return 'ignored: order does not wait for money';
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
