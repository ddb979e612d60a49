import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { TryLater, type JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor, type Amount, type Currency } from '../../shared/money.ts';
import { lockOrder, type Order } from '../../store/orders.ts';
import { movePlanChange, findPlanChangeOfOrder } from '../../store/plan-changes.ts';
import type { Charge, Invoice } from '../../vendors/payments/port.ts';
import { settlePayment, type Payment } from './settle-payment.ts';

/** An invoice as the provider holds it now, with the charge that paid it: null for one of nothing. */
export interface InvoiceTruth {
  invoice: Invoice;
  charge: Charge | null;
}

/** Asks the provider for an invoice and its charge. Null for one that does not exist. */
export async function fetchInvoice(services: Services, invoiceId: string): Promise<InvoiceTruth | null> {
  const payments = await services.payments();
  const invoice = await payments.getInvoice(invoiceId);
  if (!invoice) return null;
  const { paymentIntentId } = invoice;
  const charge = paymentIntentId === null ? null : await payments.getChargeOfPayment(paymentIntentId);
  return { invoice, charge };
}

/**
 * The tax in what an invoice collected, minor units. What the provider owed the member pays first, so that less may come in than the tax: then
 * all of it is tax.
 */
export function taxCollected({ tax, amountPaid, currency }: Invoice): Amount<Currency> {
  return minor(currency, tax < amountPaid ? tax : amountPaid);
}

/** Books a paid invoice for an order that the caller has locked. Safe to repeat. */
export async function settleInvoice(
  tx: Tx,
  services: Services,
  order: Order,
  { invoice, charge }: InvoiceTruth,
  mail: Payment['mail'],
): Promise<void> {
  await settlePayment(tx, services, order, {
    reference: invoice.id,
    paymentIntentId: invoice.paymentIntentId,
    invoiceId: invoice.id,
    subscriptionId: invoice.subscriptionId,
    charge,
    tax: taxCollected(invoice),
    mail,
  });
  // The provider has made the change, whoever heard of it first.
  const change = await findPlanChangeOfOrder(tx, order.id);
  if (change) await movePlanChange(tx, change.id, ['requested'], 'done', services.clock.now());
}

/** Works off `order.settle_invoice`: the provider has billed a change of plan. Its event may have been faster, or may be lost. */
export const settleInvoiceOfOrder: JobHandler = async (services, job) => {
  const invoiceId = String(job.payload['invoiceId']);
  const truth = await fetchInvoice(services, invoiceId);
  if (!truth) throw new CodedError('not_found', `no invoice ${invoiceId}`);
  if (truth.invoice.status !== 'paid') throw new TryLater('the invoice is not paid yet', 10);
  await services.db.transaction(async (tx) => {
    const order = await lockOrder(tx, String(job.payload['orderId']));
    await settleInvoice(tx, services, order, truth, 'order_paid');
    await job.finish(tx);
  });
};
