import type { JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { findOrder } from '../../store/orders.ts';
import { applySession, fetchSession } from './apply-session.ts';

/** Works off `order.check_payment`: asks the provider what became of a payment of which no event has come. Safe to repeat. */
export const checkPayment: JobHandler = async (services, job) => {
  const order = await findOrder(services.db, String(job.payload['orderId']));
  if (!order) throw new CodedError('not_found', `no order ${String(job.payload['orderId'])}`);
  const sessionId = order.checkoutSessionId;
  const truth = order.state === 'created' && sessionId !== null ? await fetchSession(services, sessionId) : null;
  await services.db.transaction(async (tx) => {
    if (truth) await applySession(tx, services, truth);
    await job.finish(tx);
  });
};
