import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import type { Job, JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor } from '../../shared/money.ts';
import { findOrder, lockOrder, type Order } from '../../store/orders.ts';
import { getRefundRecord } from '../../store/refunds.ts';
import { applyRefund } from './apply-refund.ts';

/**
 * Works off `order.refund`: has the payment provider give the money back, once for each refund of ours however often it is tried,
 * and books what the provider says. A subscription that is refunded in whole ends.
 */
export const createRefund: JobHandler = async (services, job) => {
  const record = await getRefundRecord(services.db, String(job.payload['refundId']));
  const order = await findOrder(services.db, record.orderId);
  if (!order) throw new CodedError('not_found', `no order ${record.orderId}`);
  const payments = await services.payments();
  const refund = await payments.createRefund({
    key: record.id,
    paymentIntentId: await paymentOf(services, order),
    amount: minor(order.currency, record.amount),
    metadata: { order_id: order.id, refund_id: record.id },
  });
  if (order.subscriptionId !== null && order.state === 'refunding')
    await payments.cancelSubscription(order.subscriptionId);
  await services.db.transaction(async (tx) => {
    await applyRefund(tx, services, await lockOrder(tx, order.id), refund);
    await job.finish(tx);
  });
};

async function paymentOf(services: Services, order: Order): Promise<string> {
  if (order.paymentIntentId !== null) return order.paymentIntentId;
  const invoice = order.invoiceId === null ? null : await (await services.payments()).getInvoice(order.invoiceId);
  if (invoice?.paymentIntentId) return invoice.paymentIntentId;
  throw new CodedError('vendor.refused', `order ${order.id} has no payment to refund`);
}

/** The provider refused the refund for good: a person has to see to it. */
export async function reportStuckRefund(tx: Tx, services: Services, job: Job): Promise<void> {
  const subject = String(job.payload['refundId']);
  const message = `refund ${subject} can't be made at the payment provider. The member still waits for the money: look at job ${job.id}.`;
  await raiseAlert(tx, { kind: 'refund_stuck', subject, message }, services.clock.now());
}
