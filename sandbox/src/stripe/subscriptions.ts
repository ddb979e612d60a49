import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { redeemCoupon, requireUsableCoupon } from './coupons.ts';
import { difference } from './customers.ts';
import { invalidRequest, resourceMissing } from './errors.ts';
import { list, page } from './pagination.ts';
import { clearable, common, flag, mergeMetadata, metadataUpdate, paging, range, text } from './params.ts';
import { cancelNow } from './subscription-cancel.ts';
import { billChange, planChangeInput, reckonPlanChange } from './plan-change.ts';
import { addIntervals } from './subscription-period.ts';
import { planOf } from './subscription-plan.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** What a new subscription is made of: `items` are the recurring positions of a Checkout session. */
export interface SubscriptionInput {
  customer: string;
  items: Stripe.LineItem[];
  metadata: Record<string, string>;
  description: string | null;
  methodId: string | null;
  currency: string;
  /** Its invoices are taxed where its customer is. */
  taxed: boolean;
}

/** Makes a subscription that waits for its first payment (`incomplete`) and emits `customer.subscription.created`. */
export function createSubscription(world: World, input: SubscriptionInput): Stripe.Subscription {
  const now = world.now();
  const id = randomId('sub');
  const items = input.items.map((item) => itemOf(id, item, now));
  const subscription: Stripe.Subscription = {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: input.taxed, liability: input.taxed ? { type: 'self' } : null },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: input.methodId,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: list(items, false, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: null,
  };
  world.tables.subscriptions.put(subscription);
  world.emit('customer.subscription.created', subscription);
  return subscription;
}

function itemOf(subscription: string, item: Stripe.LineItem, now: number): Stripe.SubscriptionItem {
  const price = item.price;
  if (!price?.recurring) throw new Error(`line item ${item.id} has no recurring price`);
  return {
    id: randomId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: now,
    current_period_end: addIntervals(now, price.recurring, 1),
    current_period_start: now,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price, price.recurring),
    price,
    quantity: item.quantity ?? 1,
    subscription,
    tax_rates: [],
  };
}

/** Answers when the running period ends, in Unix seconds; all items of one subscription share it. */
export function periodEndOf(subscription: Stripe.Subscription): number {
  return subscription.items.data[0]?.current_period_end ?? subscription.created;
}

/** Stores a changed subscription and emits `customer.subscription.updated` with what was before. */
export function updateSubscription(
  world: World,
  old: Stripe.Subscription,
  change: Partial<Stripe.Subscription>,
): Stripe.Subscription {
  const changed = world.tables.subscriptions.put({ ...old, ...change });
  world.emit('customer.subscription.updated', changed, difference(old, changed));
  return changed;
}

/** Lets a subscription end with its period, or takes that back. */
export function setCancelAtPeriodEnd(
  world: World,
  subscription: Stripe.Subscription,
  cancel: boolean,
): Stripe.Subscription {
  if (subscription.cancel_at_period_end === cancel) return subscription;
  return updateSubscription(world, subscription, {
    cancel_at_period_end: cancel,
    cancel_at: cancel ? periodEndOf(subscription) : null,
    canceled_at: cancel ? world.now() : null,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: cancel ? 'cancellation_requested' : null,
    },
  });
}

const cancellationDetails = z.strictObject({ comment: clearable.optional(), feedback: clearable.optional() });
const updateInput = z.strictObject({
  ...common,
  ...planChangeInput,
  // The only behaviour that is played where a change is billed at once: what the card refuses does not happen.
  payment_behavior: z.enum(['error_if_incomplete', 'allow_incomplete']).optional(),
  cancel_at_period_end: flag.optional(),
  cancellation_details: cancellationDetails.optional(),
  default_payment_method: text.optional(),
  description: clearable.optional(),
  discounts: z
    .array(z.strictObject({ coupon: text }))
    .max(1)
    .optional(),
  metadata: metadataUpdate.optional(),
});

function updateByApi(world: World, input: z.output<typeof updateInput>, id: string): Stripe.Subscription {
  const subscription = world.tables.subscriptions.require(id);
  if (
    subscription.status === 'canceled' &&
    (input.cancel_at_period_end !== undefined || input.default_payment_method)
  ) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
  }
  const method = input.default_payment_method;
  if (method !== undefined && idOf(world.tables.paymentMethods.get(method)?.customer) !== idOf(subscription.customer)) {
    throw resourceMissing('PaymentMethod', method, 'default_payment_method');
  }
  const details = input.cancellation_details;
  const change: Partial<Stripe.Subscription> = {
    default_payment_method: method ?? subscription.default_payment_method,
    description: input.description === undefined ? subscription.description : input.description,
    metadata: mergeMetadata(subscription.metadata, input.metadata),
    discounts: input.discounts ? discountWith(world, subscription, input.discounts) : subscription.discounts,
  };
  const switched =
    input.cancel_at_period_end === undefined
      ? subscription
      : setCancelAtPeriodEnd(world, subscription, input.cancel_at_period_end);
  const withDetails = details && {
    cancellation_details: {
      comment: details.comment ?? null,
      feedback: details.feedback ?? null,
      feedback_option: null,
      reason: switched.cancellation_details?.reason ?? null,
    },
  };
  if (input.items !== undefined || input.trial_end !== undefined) {
    return changePlan(world, { ...switched, ...change, ...withDetails }, switched, input);
  }
  const wanted = { ...switched, ...change, ...withDetails };
  if (Object.keys(difference(switched, wanted)).length === 0) return switched;
  return updateSubscription(world, switched, { ...change, ...withDetails });
}

/** Puts coupons in the place of the discounts that stand. */
function discountWith(world: World, subscription: Stripe.Subscription, wanted: { coupon: string }[]): string[] {
  return wanted.map(({ coupon }) => {
    requireUsableCoupon(world, coupon, subscription.currency, 'discounts[0][coupon]');
    const by = { customer: idOf(subscription.customer) ?? null, session: null, subscription: subscription.id };
    return redeemCoupon(world, coupon, by).id;
  });
}

function changePlan(
  world: World,
  asked: Stripe.Subscription,
  old: Stripe.Subscription,
  input: z.output<typeof updateInput>,
): Stripe.Subscription {
  if (old.status !== 'active' && old.status !== 'trialing') {
    throw invalidRequest(`The sandbox does not play changes of a subscription that is ${old.status}.`, {
      param: 'items',
    });
  }
  const change = reckonPlanChange(world, asked, input);
  const billsNow = change.lines.length > 0;
  if (
    billsNow &&
    (input.proration_behavior === 'create_prorations' || input.payment_behavior !== 'error_if_incomplete')
  ) {
    throw invalidRequest(
      'The sandbox bills a change at once only, with `proration_behavior` always_invoice or none and `payment_behavior` error_if_incomplete.',
      { param: 'proration_behavior' },
    );
  }
  const invoice = billsNow ? billChange(world, change) : null;
  const changed = updateSubscription(world, old, {
    ...change.subscription,
    ...(invoice ? { latest_invoice: invoice.id } : {}),
  });
  world.agenda.schedule('subscription-renews', changed.id, periodEndOf(changed));
  return changed;
}

function cancelByApi(world: World, id: string): Stripe.Subscription {
  const subscription = world.tables.subscriptions.require(id);
  // The real API cannot find a subscription that has ended when it is to be cancelled.
  if (subscription.status === 'canceled') throw resourceMissing('subscription', id);
  return cancelNow(world, subscription, 'cancellation_requested');
}

/** `/v1/subscriptions…` */
export const subscriptionEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/subscriptions',
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: text.optional(),
      price: text.optional(),
      status: z
        .enum([
          'active',
          'all',
          'canceled',
          'ended',
          'incomplete',
          'incomplete_expired',
          'past_due',
          'paused',
          'trialing',
          'unpaid',
        ])
        .optional(),
    }),
    (world, input) => {
      const wanted = input.status === 'ended' ? 'canceled' : input.status;
      const found = world.tables.subscriptions
        .list({ customer: input.customer })
        .filter((it) => (wanted === undefined ? it.status !== 'canceled' : wanted === 'all' || it.status === wanted))
        .filter((it) => !input.price || it.items.data.some((item) => item.price.id === input.price));
      return page(found, input, '/v1/subscriptions');
    },
  ),
  endpoint('GET', '/v1/subscriptions/:id', z.strictObject(common), (world, _input, id) =>
    world.tables.subscriptions.require(id),
  ),
  endpoint('POST', '/v1/subscriptions/:id', updateInput, updateByApi),
  endpoint(
    'DELETE',
    '/v1/subscriptions/:id',
    z.strictObject({
      ...common,
      cancellation_details: cancellationDetails.optional(),
      invoice_now: flag.optional(),
      prorate: flag.optional(),
    }),
    (world, _input, id) => cancelByApi(world, id),
  ),
];
