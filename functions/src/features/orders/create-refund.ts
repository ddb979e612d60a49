import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import type { Job, JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor, subtract } from '../../shared/money.ts';
import { findOrder, lockOrder, type Order } from '../../store/orders.ts';
import { getRefundRecord, moveRefund, shrinkRefund, type RefundRecord } from '../../store/refunds.ts';
import type { Refund } from '../../vendors/payments/port.ts';
import { applyRefund } from './apply-refund.ts';

/**
 * Works off `order.refund`: has the payment provider give the money back, once for each refund of ours however often it is tried,
 * and books what the provider says. What was refunded there meanwhile, by us or by hand, is booked first: a refund never asks for
 * more than is left.
 */
export const createRefund: JobHandler = async (services, job) => {
  const { orderId } = await getRefundRecord(services.db, String(job.payload['refundId']));
  const order = await findOrder(services.db, orderId);
  if (!order) throw new CodedError('not_found', `no order ${orderId}`);
  const payments = await services.payments();
  const paymentIntentId = await paymentOf(services, order);
  const record = await catchUp(services, job, order, await payments.listRefunds(paymentIntentId));
  if (record === 'done') return;
  const refund = await payments.createRefund({
    key: record.id,
    paymentIntentId,
    amount: minor(order.currency, record.amount),
    metadata: { order_id: order.id, refund_id: record.id },
  });
  await services.db.transaction(async (tx) => {
    await applyRefund(tx, services, await lockOrder(tx, order.id), refund);
    await job.finish(tx);
  });
};

/** Books the refunds that exist. Gives the refund that is to be made, or 'done' when it exists or nothing is left to give back. */
async function catchUp(
  services: Services,
  job: Job,
  { id: orderId }: Order,
  made: Refund[],
): Promise<RefundRecord | 'done'> {
  return services.db.transaction(async (tx) => {
    for (const refund of made) await applyRefund(tx, services, await lockOrder(tx, orderId), refund);
    const order = await lockOrder(tx, orderId);
    const record = await getRefundRecord(tx, String(job.payload['refundId']));
    const left = subtract(order.total, order.refunded);
    if (record.state === 'requested' && left > 0n) {
      if (record.amount <= left) return record;
      await shrinkRefund(tx, record.id, left);
      return { ...record, amount: left };
    }
    if (record.state === 'requested') await moveRefund(tx, record.id, 'failed', services.clock.now());
    await job.finish(tx);
    return 'done';
  });
}

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
