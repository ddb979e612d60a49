import type { SubscriptionCycle } from '../../../domain/billing/proration.ts';
import type { Product } from '../../../shared/api/catalog.ts';
import { minor, subtract, type Currency } from '../../../shared/money.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { newId } from '../../../platform/ids.ts';
import { readCatalog } from '../../../store/catalog.ts';
import type { ReceivedEvent } from '../../../store/inbox.ts';
import { queueMail } from '../../../store/mails.ts';
import { getMember } from '../../../store/members.ts';
import type { NewItem } from '../../../store/order-items.ts';
import {
  findFirstOrderOfSubscription,
  findOrderByInvoice,
  insertOrder,
  lockOrder,
  type NewOrder,
  type Order,
} from '../../../store/orders.ts';
import { findPlanChange } from '../../../store/plan-changes.ts';
import type { Invoice, InvoiceLine } from '../../../vendors/payments/port.ts';
import { fetchInvoice, settleInvoice, taxCollected, type InvoiceTruth } from '../settle-invoice.ts';
import { ignored, type EventHandler } from './event.ts';
import { notBooked } from './not-booked.ts';

/**
 * invoice.paid: a renewal becomes an order of its own, with receipt, reward and the right to a refund. What a change of plan charges has
 * its order already.
 */
export const onInvoicePaid: EventHandler = async (services, event) => {
  const truth = await fetchInvoice(services, event.objectId);
  if (!truth || truth.invoice.status !== 'paid') return ignored('not paid');
  const { invoice } = truth;
  if (invoice.reason === 'subscription_update') return (tx) => bookPlanChange(tx, services, truth);
  if (invoice.reason !== 'subscription_cycle' || invoice.subscriptionId === null) return ignored('no renewal');
  return (tx) => bookRenewal(tx, services, event, truth);
};

async function bookPlanChange(tx: Tx, services: Services, truth: InvoiceTruth): Promise<string> {
  const change = await findPlanChange(tx, truth.invoice.subscriptionMetadata['plan_change_id'] ?? '');
  if (change?.orderId == null) return 'ignored: no change of ours';
  const order = await lockOrder(tx, change.orderId);
  if ((await getMember(tx, order.memberId)).stripeCustomerId !== truth.invoice.customerId) return 'ignored: not ours';
  await settleInvoice(tx, services, order, truth, 'order_paid');
  return 'plan changed';
}

async function bookRenewal(tx: Tx, services: Services, event: ReceivedEvent, truth: InvoiceTruth): Promise<string> {
  const { invoice } = truth;
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
    // What was collected, which the first price need not be: credit changes it from period to period.
    total: subtract(invoice.amountPaid, taxCollected(invoice)),
    createdAt: now,
    expiresAt: now,
    discount: first.renewalDiscount,
    renewalDiscount: first.renewalDiscount,
    quotedAt: null,
    items: await renewedItems(tx, services, first, invoice),
    renewal: { invoiceId: invoice.id, subscriptionId },
  });
  const order = await findOrderByInvoice(tx, invoice.id);
  if (!order) return 'ignored: not ours';
  await settleInvoice(tx, services, await lockOrder(tx, order.id), truth, 'renewed');
  return 'renewed';
}

/**
 * What renews, at the price that the invoice says: the plan may have been changed since the first order. A renewal pays for the time, not for
 * another line.
 */
async function renewedItems(tx: Tx, services: Services, first: Order, invoice: Invoice): Promise<NewOrder['items']> {
  const catalog = await readCatalog(tx, services.clock.now());
  return invoice.lines.flatMap((line, position) => {
    const item = first.items.find(({ billing, productId }) => billing !== 'one_time' && productId === line.productId);
    const product = catalog.products.find(({ id }) => id === line.productId);
    const known = item ?? (product && itemOf(product, line, invoice.currency));
    if (!known || line.amount < 0n) return [];
    const quantity = BigInt(line.quantity);
    return [
      {
        ...known,
        billing: cycleOf(line),
        position,
        quantity: line.quantity,
        unit: minor(invoice.currency, line.amount / quantity),
        discount: line.discount,
        renewalDiscount: line.discount,
        includesLine: false,
        oncePerPerson: false,
      },
    ];
  });
}

/** A month has 31 days at most. */
function cycleOf({ period }: InvoiceLine): SubscriptionCycle {
  return period.end.getTime() - period.start.getTime() > 32 * 86_400_000 ? 'annual' : 'monthly';
}

/** An item of a plan that somebody changed to. */
function itemOf(product: Product, line: InvoiceLine, currency: Currency): Omit<NewItem, 'position'> {
  const none = minor(currency, 0n);
  return {
    productId: product.id,
    name: product.name,
    kind: product.kind,
    billing: cycleOf(line),
    quantity: line.quantity,
    unit: line.amount,
    discount: none,
    renewalDiscount: none,
    rewardBasisPoints: product.rewardBasisPoints,
    dataBytes: product.dataBytes === null ? null : BigInt(product.dataBytes),
    includesLine: false,
  };
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
