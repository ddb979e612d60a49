import type { Stripe } from 'stripe';
import { z } from 'zod';
import { taxOn } from './amounts.ts';
import type { LineAmounts } from './amounts.ts';
import { standingDiscount } from './coupons.ts';
import { invalidRequest, resourceMissing, StripeFailure } from './errors.ts';
import { createInvoice, linkIntent, payInvoice } from './invoices.ts';
import type { InvoiceInput, LineInput } from './invoices.ts';
import { integer, natural, text } from './params.ts';
import { attemptIntent, createIntent, foresee } from './payment-intents.ts';
import { addIntervals } from './subscription-period.ts';
import { planOf } from './subscription-plan.ts';
import { idOf } from './tables.ts';
import { taxRateAt } from './taxes.ts';
import type { World } from './world.ts';

/** Parameters of an update and of a preview that change what a subscription is for. */
export const planChangeInput = {
  items: z
    .array(z.strictObject({ id: text, price: text.optional(), quantity: natural.optional() }))
    .min(1)
    .optional(),
  proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
  proration_date: integer.optional(),
  trial_end: integer.optional(),
};

/** What a change asks for. */
export type PlanChangeInput = { [Name in keyof typeof planChangeInput]?: z.output<(typeof planChangeInput)[Name]> };

/** What a change would make of a subscription, and what it would charge now. Nothing is stored. */
export interface PlanChange {
  subscription: Stripe.Subscription;
  lines: LineInput[];
}

/**
 * Reckons a change. Within one rhythm the period stays: unused time of the old price is credited, what is left of the period charged at
 * the new one. Another rhythm begins a new period now, charged whole, unless `trial_end` puts its beginning off. Each position is rounded
 * to a whole cent on its own, half away from zero.
 */
export function reckonPlanChange(world: World, subscription: Stripe.Subscription, input: PlanChangeInput): PlanChange {
  const at = input.proration_date ?? world.now();
  const first = subscription.items.data[0];
  if (first && (at < first.current_period_start || at > first.current_period_end)) {
    throw invalidRequest('Invalid proration_date: it must lie within the current billing period.', {
      param: 'proration_date',
    });
  }
  if (standingDiscount(world, subscription)) {
    throw invalidRequest('The sandbox does not play changes of subscriptions that have a discount.', {
      param: 'items',
    });
  }
  const now = world.now();
  const lines: LineInput[] = [];
  const rate = taxRateAt(taxPlaceOf(world, subscription));
  const behavior = input.proration_behavior ?? 'create_prorations';
  const items = subscription.items.data.map((item) => {
    const wanted = input.items?.find(({ id }) => id === item.id);
    if (!wanted) return item;
    const price = wanted.price === undefined ? item.price : usablePrice(world, subscription, wanted.price);
    const changed = {
      ...item,
      price,
      plan: planOf(price, recurringOf(price)),
      quantity: wanted.quantity ?? item.quantity ?? 1,
    };
    const resets = !sameRhythm(item.price, price) && input.trial_end === undefined;
    const period = resets
      ? { current_period_start: now, current_period_end: addIntervals(now, recurringOf(price), 1) }
      : {};
    const after = { ...changed, ...period };
    if (behavior !== 'none') lines.push(creditOf(world, item, at, rate));
    if (behavior !== 'none' || resets) lines.push(chargeOf(world, after, { at, resets, rate }));
    return after;
  });
  for (const { id } of input.items ?? [])
    if (!items.some((item) => item.id === id)) throw resourceMissing('subscription_item', id, 'items');
  const rhythms = new Set(items.map(({ price }) => rhythmKey(price)));
  if (rhythms.size > 1)
    throw invalidRequest('The sandbox does not play subscriptions of mixed intervals.', { param: 'items' });
  const resets = first !== undefined && items[0]?.current_period_start !== first.current_period_start;
  const next = { ...subscription, items: { ...subscription.items, data: items } };
  return {
    subscription: { ...next, ...(resets ? { billing_cycle_anchor: now } : {}), ...trialOf(next, input.trial_end, now) },
    lines,
  };
}

/** A trial that is set on a running subscription: nothing is billed until it ends, and the cycle is counted from there. */
function trialOf(
  subscription: Stripe.Subscription,
  trialEnd: number | undefined,
  now: number,
): Partial<Stripe.Subscription> {
  if (trialEnd === undefined) return {};
  const data = subscription.items.data.map((item) => ({
    ...item,
    current_period_start: now,
    current_period_end: trialEnd,
  }));
  return {
    status: 'trialing',
    trial_start: now,
    trial_end: trialEnd,
    billing_cycle_anchor: trialEnd,
    items: { ...subscription.items, data },
  };
}

/** What an invoice of a change is made of. */
export function invoiceOfChange(world: World, { subscription, lines }: PlanChange): InvoiceInput {
  const first = subscription.items.data[0];
  const start = first?.current_period_start ?? world.now();
  return {
    customer: world.tables.customers.require(idOf(subscription.customer)),
    currency: subscription.currency,
    lines,
    reason: 'subscription_update',
    subscription,
    description: subscription.description,
    footer: null,
    metadata: {},
    period: { start, end: first?.current_period_end ?? start },
    discount: null,
    taxedAt: taxPlaceOf(world, subscription),
  };
}

/**
 * Bills a change at once with the saved card. Throws the card's refusal: whoever asked with `error_if_incomplete` gets it, and nothing of
 * the change stays.
 */
export function billChange(world: World, change: PlanChange): Stripe.Invoice {
  const invoice = createInvoice(world, invoiceOfChange(world, change));
  if (invoice.amount_due === 0) return payInvoice(world, invoice);
  const method = methodOf(world, change.subscription);
  if (!method) {
    throw invalidRequest('This customer has no attached payment source or default payment method.', {
      code: 'resource_missing',
    });
  }
  const prospect = foresee(world, method, { authenticated: false, offSession: true });
  if (prospect.kind !== 'succeeds') {
    const decline = prospect.kind === 'declined' ? prospect.decline : null;
    throw new StripeFailure(402, {
      type: 'card_error',
      code: decline?.code ?? 'subscription_payment_intent_requires_action',
      ...(decline?.declineCode ? { decline_code: decline.declineCode } : {}),
      message: decline?.message ?? 'Payment for this subscription requires additional user action.',
    });
  }
  const intent = createIntent(world, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    description: 'Subscription update',
    metadata: {},
    receiptEmail: null,
    setupFutureUsage: null,
    methodTypes: ['card'],
  });
  linkIntent(world, invoice, intent.id);
  attemptIntent(world, intent, method, prospect);
  return payInvoice(world, invoice);
}

function creditOf(world: World, item: Stripe.SubscriptionItem, at: number, rate: number): LineInput {
  const share = shareOf(
    amountOf(item),
    item.current_period_end - at,
    item.current_period_end - item.current_period_start,
  );
  return lineOf(item, {
    subtotal: 0 - share,
    description: `Unused time on ${nameOf(world, item.price)}`,
    period: { start: at, end: item.current_period_end },
    rate,
  });
}

function chargeOf(
  world: World,
  item: Stripe.SubscriptionItem,
  how: { at: number; resets: boolean; rate: number },
): LineInput {
  const { current_period_start: start, current_period_end: end } = item;
  const share = how.resets ? amountOf(item) : shareOf(amountOf(item), end - how.at, end - start);
  const words = how.resets ? `${item.quantity ?? 1} × ` : 'Remaining time on ';
  return lineOf(item, {
    subtotal: share,
    description: `${words}${nameOf(world, item.price)}`,
    period: { start: how.resets ? start : how.at, end },
    rate: how.rate,
  });
}

function lineOf(
  item: Stripe.SubscriptionItem,
  line: { subtotal: number; description: string; period: { start: number; end: number }; rate: number },
): LineInput {
  const tax = taxOn(line.subtotal, line.rate);
  const amounts: LineAmounts = { subtotal: line.subtotal, discount: 0, tax, total: line.subtotal + tax };
  return {
    price: item.price,
    quantity: item.quantity ?? 1,
    description: line.description,
    subscriptionItem: { id: item.id, subscription: item.subscription },
    amounts,
    proration: line.period,
  };
}

/** The share of an amount for so many seconds of a period, rounded half up. Whole numbers below 2^53: cents times seconds of a year fit. */
function shareOf(amount: number, seconds: number, period: number): number {
  return Math.floor((2 * amount * seconds + period) / (2 * period));
}

function amountOf(item: Stripe.SubscriptionItem): number {
  return (item.price.unit_amount ?? 0) * (item.quantity ?? 1);
}

function nameOf(world: World, price: Stripe.Price): string {
  return world.tables.products.get(idOf(price.product))?.name ?? price.id;
}

function recurringOf(price: Stripe.Price): Stripe.Price.Recurring {
  if (!price.recurring) throw invalidRequest(`The price ${price.id} is not recurring.`, { param: 'items' });
  return price.recurring;
}

function rhythmKey(price: Stripe.Price): string {
  const { interval, interval_count: count } = recurringOf(price);
  return `${count} ${interval}`;
}

function sameRhythm(a: Stripe.Price, b: Stripe.Price): boolean {
  return rhythmKey(a) === rhythmKey(b);
}

function usablePrice(world: World, subscription: Stripe.Subscription, id: string): Stripe.Price {
  const price = world.tables.prices.require(id, 'items[0][price]');
  if (price.currency === subscription.currency) return price;
  throw invalidRequest(`The price ${id} is not in the subscription's currency.`, { param: 'items[0][price]' });
}

function taxPlaceOf(world: World, subscription: Stripe.Subscription) {
  const customer = world.tables.customers.get(idOf(subscription.customer));
  return subscription.automatic_tax.enabled ? (customer?.address ?? null) : null;
}

function methodOf(world: World, subscription: Stripe.Subscription): Stripe.PaymentMethod | undefined {
  const customer = world.tables.customers.get(idOf(subscription.customer));
  const id = idOf(subscription.default_payment_method) ?? idOf(customer?.invoice_settings.default_payment_method);
  return id ? world.tables.paymentMethods.get(id) : undefined;
}
