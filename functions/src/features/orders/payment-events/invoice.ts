import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import type { ReceivedEvent } from '../../../store/inbox.ts';
import { queueMail } from '../../../store/mails.ts';
import { getMember } from '../../../store/members.ts';
import {
  findFirstOrderOfSubscription,
  findOrderByInvoice,
  insertOrder,
  lockOrder,
  type Order,
} from '../../../store/orders.ts';
import type { Charge, Invoice } from '../../../vendors/payments/port.ts';
import { settlePayment } from '../settle-payment.ts';
import { ignored, type EventHandler } from './event.ts';
import { notBooked } from './not-booked.ts';

/** invoice.paid: a renewal becomes an order of its own, with receipt, reward and the right to a refund. */
export const onInvoicePaid: EventHandler = async (services, event) => {
  const payments = await services.payments();
  const invoice = await payments.getInvoice(event.objectId);
  if (!invoice || invoice.status !== 'paid') return ignored('not paid');
  if (invoice.reason !== 'subscription_cycle' || invoice.subscriptionId === null) return ignored('no renewal');
  const charge = invoice.paymentIntentId === null ? null : await payments.getChargeOfPayment(invoice.paymentIntentId);
  return (tx) => bookRenewal(tx, services, event, invoice, charge);
};

async function bookRenewal(
  tx: Tx,
  services: Services,
  event: ReceivedEvent,
  invoice: Invoice,
  charge: Charge | null,
): Promise<string> {
  const subscriptionId = invoice.subscriptionId ?? '';
  const first = await ownFirstOrder(tx, invoice, subscriptionId);
  if (first === null) return notBooked(tx, services, event, invoice.customerId);
  if (first === 'not ours') return 'ignored: not ours';
  const now = services.clock.now();
  const id = newId('order', now);
  await insertOrder(tx, {
    id,
    memberId: first.memberId,
    mode: 'subscription',
    currency: invoice.currency,
    catalogVersion: first.catalogVersion,
    // What was collected, which the first price need not be: tax and credit change it from period to period.
    total: invoice.amountPaid,
    createdAt: now,
    expiresAt: now,
    // A renewal pays for the time, not for another line.
    items: first.items.map((item) => ({ ...item, includesLine: false, oncePerPerson: false })),
    renewal: { invoiceId: invoice.id, subscriptionId },
  });
  const order = await findOrderByInvoice(tx, invoice.id);
  if (!order) return 'ignored: not ours';
  const { paymentIntentId } = invoice;
  await settlePayment(tx, services, await lockOrder(tx, order.id), {
    reference: invoice.id,
    paymentIntentId,
    invoiceId: invoice.id,
    subscriptionId,
    charge,
    mail: 'renewed',
  });
  return 'renewed';
}

/** Null while no order began this subscription. */
async function ownFirstOrder(tx: Tx, invoice: Invoice, subscriptionId: string): Promise<Order | 'not ours' | null> {
  const first = await findFirstOrderOfSubscription(tx, subscriptionId);
  if (!first) return null;
  const member = await getMember(tx, first.memberId);
  return member.stripeCustomerId === invoice.customerId ? first : 'not ours';
}

/** invoice.payment_failed: the member hears of it; the subscription's own event changes its state. */
export const onInvoicePaymentFailed: EventHandler = async (services, event) => {
  const invoice = await (await services.payments()).getInvoice(event.objectId);
  if (!invoice || invoice.subscriptionId === null || invoice.reason !== 'subscription_cycle')
    return ignored('no renewal');
  if (invoice.status === 'paid') return ignored('paid meanwhile');
  const { subscriptionId } = invoice;
  return async (tx) => {
    const first = await ownFirstOrder(tx, invoice, subscriptionId);
    if (first === null) return notBooked(tx, services, event, invoice.customerId);
    if (first === 'not ours') return 'ignored: not ours';
    const mail = {
      memberId: first.memberId,
      kind: 'payment_failed',
      key: invoice.id,
      refersTo: { orderId: first.id },
    } as const;
    await queueMail(tx, mail, services.clock.now());
    return 'member told';
  };
};
