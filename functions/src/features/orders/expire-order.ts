import type { Services } from '../../platform/container.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import type { Order } from '../../store/orders.ts';
import { findOrder, lockOrder } from '../../store/orders.ts';
import { CodedError } from '../../shared/errors.ts';
import { applySession, expireUnopened, withPayment, type Outcome } from './apply-session.ts';

/**
 * Closes the payment page of an unpaid order and gives the order up. The provider decides: when the member paid in the same moment,
 * the order is paid. Safe to repeat.
 */
export async function closeOrder(services: Services, order: Order): Promise<Outcome> {
  const sessionId = order.checkoutSessionId;
  if (sessionId === null) {
    await services.db.transaction(async (tx) => expireUnopened(tx, services, await lockOrder(tx, order.id)));
    return 'expired';
  }
  const session = await (await services.payments()).expireSession(sessionId);
  const truth = await withPayment(services, session);
  return services.db.transaction((tx) => applySession(tx, services, truth));
}

/** Works off `order.expire`: the sweeper found an unpaid order past its end. */
export const expireOrder: JobHandler = async (services, job) => {
  const order = await findOrder(services.db, String(job.payload['orderId']));
  if (!order) throw new CodedError('not_found', `no order ${String(job.payload['orderId'])}`);
  if (order.state === 'created' && !order.paymentPending) await closeOrder(services, order);
  await services.db.transaction((tx) => job.finish(tx));
};
