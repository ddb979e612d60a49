import type { Stripe } from 'stripe';
import { reckon } from './amounts.ts';
import { standingDiscount } from './coupons.ts';
import { createInvoice, linkIntent, payInvoice } from './invoices.ts';
import type { LineInput } from './invoices.ts';
import { attemptIntent, createIntent, foresee } from './payment-intents.ts';
import { cancelNow } from './subscription-cancel.ts';
import { nextPeriodEnd } from './subscription-period.ts';
import { periodEndOf, updateSubscription } from './subscriptions.ts';
import { idOf } from './tables.ts';
import { taxRateAt } from './taxes.ts';
import type { World } from './world.ts';

const DAY_SECONDS = 24 * 3600;
/** Waits between tries to collect a renewal; after the last one the subscription ends, as the real default settings have it. */
const RETRY_AFTER_SECONDS = [3 * DAY_SECONDS, 5 * DAY_SECONDS, 7 * DAY_SECONDS];

/** Does what is due at a period's end: ends the subscription if that was asked for, else bills the next period. */
export function renewSubscription(world: World, id: string): void {
  const subscription = world.tables.subscriptions.get(id);
  if (!subscription || !['active', 'past_due', 'trialing'].includes(subscription.status)) return;
  if (subscription.cancel_at_period_end) {
    cancelNow(world, subscription, 'cancellation_requested');
    return;
  }
  const start = periodEndOf(subscription);
  const items = subscription.items.data.map((item) => ({
    ...item,
    current_period_start: start,
    current_period_end: nextPeriodEnd(subscription.billing_cycle_anchor, rhythmOf(item), start),
  }));
  const status = subscription.status === 'trialing' ? 'active' : subscription.status;
  const rolled = updateSubscription(world, subscription, { status, items: { ...subscription.items, data: items } });
  planRenewal(world, rolled);
  const invoice = billPeriod(world, rolled, { reason: 'subscription_cycle', oneOffs: [] });
  collect(world, invoice, 'subscription_cycle');
}

function rhythmOf(item: Stripe.SubscriptionItem): Stripe.Price.Recurring {
  if (!item.price.recurring) throw new Error(`subscription item ${item.id} has no recurring price`);
  return item.price.recurring;
}

/** Plans the next renewal at the end of the running period. */
export function planRenewal(world: World, subscription: Stripe.Subscription): void {
  world.agenda.schedule('subscription-renews', subscription.id, periodEndOf(subscription));
}

/** Makes the invoice of the running period, with one-off positions on the first one, and notes it as the latest. */
export function billPeriod(
  world: World,
  subscription: Stripe.Subscription,
  options: { reason: 'subscription_create' | 'subscription_cycle'; oneOffs: Stripe.LineItem[] },
): Stripe.Invoice {
  const positions: Position[] = subscription.items.data.map((item) => ({
    price: item.price,
    quantity: item.quantity ?? 1,
    description: `${item.quantity ?? 1} × ${nameOf(world, item.price)}`,
    subscriptionItem: { id: item.id, subscription: subscription.id },
  }));
  for (const item of options.oneOffs) {
    if (!item.price) continue;
    positions.push({
      price: item.price,
      quantity: item.quantity ?? 1,
      description: item.description ?? '',
      subscriptionItem: null,
    });
  }
  const first = subscription.items.data[0];
  const customer = world.tables.customers.require(idOf(subscription.customer));
  const standing = standingDiscount(world, subscription);
  const taxedAt = subscription.automatic_tax.enabled ? (customer.address ?? null) : null;
  const invoice = createInvoice(world, {
    customer,
    currency: subscription.currency,
    lines: withAmounts(positions, standing?.coupon ?? null, taxRateAt(taxedAt)),
    discount: standing?.discount ?? null,
    taxedAt,
    reason: options.reason,
    subscription,
    description: subscription.description,
    footer: null,
    metadata: {},
    period: {
      start: first?.current_period_start ?? subscription.created,
      end: first?.current_period_end ?? subscription.created,
    },
  });
  // Not an event of its own: the real API's next `customer.subscription.updated` tells it.
  const isSpent = standing?.coupon.duration === 'once';
  const discounts = isSpent ? [] : subscription.discounts;
  world.tables.subscriptions.put({ ...subscription, discounts, latest_invoice: invoice.id });
  return invoice;
}

type Position = Omit<LineInput, 'amounts'>;

function withAmounts(positions: Position[], coupon: Stripe.Coupon | null, taxMillionths: number): LineInput[] {
  const subtotals = positions.map(({ price, quantity }) => (price.unit_amount ?? 0) * quantity);
  const amounts = reckon(subtotals, coupon, taxMillionths);
  return positions.map((position, index) => {
    const own = amounts[index];
    if (!own) throw new Error(`position ${index} was not reckoned`);
    return { ...position, amounts: own };
  });
}

function nameOf(world: World, price: Stripe.Price): string {
  return world.tables.products.get(idOf(price.product))?.name ?? price.id;
}

/** Tries to collect an open invoice of a subscription off session, and carries the outcome into the subscription. */
function collect(world: World, invoice: Stripe.Invoice, reason: string): void {
  const subscription = world.tables.subscriptions.require(
    idOf(invoice.parent?.subscription_details?.subscription) ?? '',
  );
  if (invoice.amount_due === 0) {
    settle(world, invoice, subscription);
    return;
  }
  const intent = intentOf(world, invoice, reason);
  const method = methodOf(world, subscription);
  const attempted =
    method && attemptIntent(world, intent, method, foresee(world, method, { authenticated: false, offSession: true }));
  if (attempted?.status === 'succeeded') settle(world, invoice, subscription);
  else failToCollect(world, invoice, subscription);
}

function settle(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  world.agenda.cancel('invoice-retries', invoice.id);
  payInvoice(world, invoice);
  if (subscription.status === 'past_due') updateSubscription(world, subscription, { status: 'active' });
}

function intentOf(world: World, invoice: Stripe.Invoice, reason: string): Stripe.PaymentIntent {
  const known = world.tables.invoicePayments.list({ invoice: invoice.id })[0];
  const intent = world.tables.paymentIntents.get(idOf(known?.payment.payment_intent) ?? '');
  if (intent) return intent;
  const made = createIntent(world, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    description: reason === 'subscription_cycle' ? 'Subscription update' : 'Subscription creation',
    metadata: {},
    receiptEmail: null,
    setupFutureUsage: null,
    methodTypes: ['card'],
  });
  linkIntent(world, invoice, made.id);
  return made;
}

function methodOf(world: World, subscription: Stripe.Subscription): Stripe.PaymentMethod | undefined {
  const customer = world.tables.customers.get(idOf(subscription.customer));
  const id = idOf(subscription.default_payment_method) ?? idOf(customer?.invoice_settings.default_payment_method);
  return id ? world.tables.paymentMethods.get(id) : undefined;
}

function failToCollect(world: World, invoice: Stripe.Invoice, subscription: Stripe.Subscription): void {
  const wait = RETRY_AFTER_SECONDS[invoice.attempt_count];
  const next = wait === undefined ? null : world.now() + wait;
  const failed = world.tables.invoices.put({
    ...invoice,
    attempted: true,
    attempt_count: invoice.attempt_count + 1,
    next_payment_attempt: next,
    auto_advance: next !== null,
  });
  world.emit('invoice.payment_failed', failed);
  const pastDue =
    subscription.status === 'past_due' ? subscription : updateSubscription(world, subscription, { status: 'past_due' });
  if (next !== null) world.agenda.schedule('invoice-retries', invoice.id, next);
  else cancelNow(world, pastDue, 'payment_failed');
}

/** Tries once more to collect an open invoice. */
export function retryInvoice(world: World, id: string): void {
  const invoice = world.tables.invoices.get(id);
  if (invoice?.status === 'open') collect(world, invoice, 'subscription_cycle');
}
