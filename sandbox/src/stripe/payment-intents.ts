import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { AUTHENTICATION_FAILED, GENERIC_DECLINE } from './cards.ts';
import type { Decline } from './cards.ts';
import { createCharge, settleCharge } from './charges.ts';
import { page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** What an attempt to pay would come to. */
export type Prospect =
  { kind: 'succeeds' } | { kind: 'settles-later' } | { kind: 'asks-owner' } | { kind: 'declined'; decline: Decline };

/** Tells what an attempt with `method` would come to, without making it. */
export function foresee(
  world: World,
  method: Stripe.PaymentMethod,
  circumstances: { authenticated: boolean; offSession: boolean },
): Prospect {
  if (method.type !== 'card') return { kind: 'settles-later' };
  const customerId = idOf(method.customer);
  if (customerId && world.tables.customerSwitches.get(customerId)?.cardFails) {
    return { kind: 'declined', decline: GENERIC_DECLINE };
  }
  const hidden = world.tables.hiddenCards.get(method.id);
  if (!hidden || hidden.behaviour.kind === 'succeeds') return { kind: 'succeeds' };
  if (hidden.behaviour.kind === 'declines') return { kind: 'declined', decline: hidden.behaviour.decline };
  if (circumstances.authenticated || (hidden.setUp && !hidden.behaviour.always)) return { kind: 'succeeds' };
  if (!circumstances.offSession) return { kind: 'asks-owner' };
  const message = 'Your card was declined. This transaction requires authentication.';
  return { kind: 'declined', decline: { code: 'card_declined', declineCode: 'authentication_required', message } };
}

/** What a payment intent is made of. */
export interface IntentInput {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  receiptEmail: string | null;
  setupFutureUsage: 'off_session' | 'on_session' | null;
  methodTypes: string[];
}

/** Makes a payment intent that waits for a payment method, and emits `payment_intent.created`. */
export function createIntent(world: World, input: IntentInput): Stripe.PaymentIntent {
  const id = randomId('pi');
  const intent: Stripe.PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: input.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_${randomId('secret', 25)}`,
    confirmation_method: 'automatic',
    created: world.now(),
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: input.methodTypes,
    payment_record: null,
    processing: null,
    receipt_email: input.receiptEmail,
    review: null,
    setup_future_usage: input.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
  world.tables.paymentIntents.put(intent);
  world.emit('payment_intent.created', intent);
  return intent;
}

/** Carries out an attempt as foreseen, with its charge and its events. */
export function attemptIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  prospect: Prospect,
  authenticated = false,
): Stripe.PaymentIntent {
  if (prospect.kind === 'declined') return failIntent(world, intent, method, prospect.decline);
  if (prospect.kind === 'asks-owner') return askOwner(world, intent, method);
  const later = prospect.kind === 'settles-later';
  const charge = createCharge(world, intent, method, { status: later ? 'pending' : 'succeeded', authenticated });
  const base = {
    ...intent,
    payment_method: method.id,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
  };
  if (later) {
    const processing = world.tables.paymentIntents.put({ ...base, status: 'processing' });
    world.emit('charge.pending', charge);
    world.emit('payment_intent.processing', processing);
    return processing;
  }
  const paid = world.tables.paymentIntents.put({ ...base, status: 'succeeded', amount_received: intent.amount });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', paid);
  return paid;
}

function askOwner(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Stripe.PaymentIntent {
  const asking = world.tables.paymentIntents.put({
    ...intent,
    payment_method: method.id,
    status: 'requires_action',
    next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} },
  });
  world.emit('payment_intent.requires_action', asking);
  return asking;
}

/** Marks a payment intent whose owner did not authenticate: no charge was tried. */
export function failAuthentication(world: World, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const methodId = idOf(intent.payment_method);
  const failed = world.tables.paymentIntents.put({
    ...intent,
    payment_method: null,
    status: 'requires_payment_method',
    next_action: null,
    last_payment_error: errorOf(
      AUTHENTICATION_FAILED,
      methodId ? world.tables.paymentMethods.get(methodId) : undefined,
    ),
  });
  world.emit('payment_intent.payment_failed', failed);
  return failed;
}

function failIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): Stripe.PaymentIntent {
  const charge = createCharge(world, intent, method, { status: 'failed', decline });
  const failed = world.tables.paymentIntents.put({
    ...intent,
    payment_method: null,
    latest_charge: charge.id,
    status: 'requires_payment_method',
    next_action: null,
    last_payment_error: { ...errorOf(decline, method), charge: charge.id },
  });
  world.emit('charge.failed', charge);
  world.emit('payment_intent.payment_failed', failed);
  return failed;
}

function errorOf(decline: Decline, method: Stripe.PaymentMethod | undefined): Stripe.PaymentIntent.LastPaymentError {
  const authentication = decline.code === 'payment_intent_authentication_failure';
  return {
    type: authentication ? 'invalid_request_error' : 'card_error',
    code: decline.code,
    ...(decline.declineCode ? { decline_code: decline.declineCode } : {}),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
    message: decline.message,
    ...(method ? { payment_method: method } : {}),
  };
}

/** Lets a payment that was processing succeed or fail, with the events of that. */
export function settleIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  outcome: 'succeed' | 'fail',
): Stripe.PaymentIntent {
  const charge = world.tables.charges.require(idOf(intent.latest_charge) ?? '');
  if (outcome === 'succeed') {
    const settled = settleCharge(world, charge);
    const paid = world.tables.paymentIntents.put({ ...intent, status: 'succeeded', amount_received: intent.amount });
    world.emit('charge.succeeded', settled);
    world.emit('payment_intent.succeeded', paid);
    return paid;
  }
  const message = "The customer's bank account could not be debited: insufficient funds.";
  const failedCharge = world.tables.charges.put({
    ...charge,
    status: 'failed',
    captured: false,
    amount_captured: 0,
    failure_code: 'insufficient_funds',
    failure_message: message,
    receipt_url: null,
  });
  const failed = world.tables.paymentIntents.put({
    ...intent,
    payment_method: null,
    status: 'requires_payment_method',
    last_payment_error: { type: 'card_error', code: 'insufficient_funds', message, charge: charge.id },
  });
  world.emit('charge.failed', failedCharge);
  world.emit('payment_intent.payment_failed', failed);
  return failed;
}

/** `/v1/payment_intents…` */
export const paymentIntentEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/payment_intents',
    z.strictObject({ ...paging, created: range.optional(), customer: text.optional() }),
    (world, input) =>
      page(world.tables.paymentIntents.list({ customer: input.customer }), input, '/v1/payment_intents'),
  ),
  endpoint(
    'GET',
    '/v1/payment_intents/:id',
    z.strictObject({ ...common, client_secret: text.optional() }),
    (world, _input, id) => world.tables.paymentIntents.require(id),
  ),
];
