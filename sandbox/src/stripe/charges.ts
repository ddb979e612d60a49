import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { feeOf, recordMovement } from './balance-transactions.ts';
import type { Decline } from './cards.ts';
import { page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** Makes the charge of one attempt to pay `intent`; `decline` makes it a failed one. The caller emits its events. */
export function createCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  outcome: { status: 'succeeded' | 'pending' | 'failed'; decline?: Decline; authenticated?: boolean },
): Stripe.Charge {
  const { status, decline } = outcome;
  const id = randomId(method.type === 'card' ? 'ch' : 'py');
  const charge: Stripe.Charge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: status === 'failed' ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { ...method.billing_details, address: emptyAddress() },
    calculated_statement_descriptor: 'DOTM SANDBOX',
    captured: status !== 'failed',
    created: world.now(),
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(status, decline),
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(intent, method, outcome.authenticated ?? false),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: status === 'failed' ? null : `${world.origin}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  };
  if (status !== 'succeeded') return world.tables.charges.put(charge);
  return settleCharge(world, charge);
}

/** Books a charge that succeeded: the balance grows by its amount less the fee. */
export function settleCharge(world: World, charge: Stripe.Charge): Stripe.Charge {
  const card = charge.payment_method_details?.type === 'card';
  const movement = recordMovement(world, {
    amount: charge.amount,
    fee: feeOf(charge.amount),
    currency: charge.currency,
    source: charge.id,
    type: card ? 'charge' : 'payment',
    category: 'charge',
    description: charge.description,
  });
  return world.tables.charges.put({
    ...charge,
    status: 'succeeded',
    paid: true,
    balance_transaction: movement.id,
    outcome: outcomeOf('succeeded', undefined),
  });
}

function emptyAddress(): Stripe.Address {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
}

function outcomeOf(status: string, decline: Decline | undefined): Stripe.Charge.Outcome {
  const failed = status === 'failed';
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: failed ? 'declined_by_network' : 'approved_by_network',
    reason: decline?.declineCode ?? decline?.code ?? null,
    risk_level: 'normal',
    risk_score: 10,
    seller_message: failed ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: failed ? 'issuer_declined' : 'authorized',
  };
}

function detailsOf(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  authenticated: boolean,
): Stripe.Charge.PaymentMethodDetails {
  const { card, us_bank_account: bank, acss_debit: debit } = method;
  if (card) return { type: 'card', card: cardDetails(intent, card, authenticated) };
  if (bank) {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = bank;
    const shared = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number };
    return { type: 'us_bank_account', us_bank_account: { ...shared, payment_reference: null } };
  }
  if (debit) return { type: 'acss_debit', acss_debit: debit };
  return { type: method.type };
}

function cardDetails(
  intent: Stripe.PaymentIntent,
  card: Stripe.PaymentMethod.Card,
  authenticated: boolean,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: intent.amount,
    authorization_code: '123456',
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: card.regulated_status,
    three_d_secure: authenticated
      ? {
          authentication_flow: 'challenge',
          electronic_commerce_indicator: '05',
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
          transaction_id: null,
          version: '2.2.0',
        }
      : null,
    transaction_link_id: null,
    wallet: null,
  };
}

/** `/v1/charges…` */
export const chargeEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/charges',
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: text.optional(),
      payment_intent: text.optional(),
    }),
    (world, input) => {
      const where = { customer: input.customer, paymentIntent: input.payment_intent };
      return page(world.tables.charges.list(where), input, '/v1/charges');
    },
  ),
  endpoint('GET', '/v1/charges/:id', z.strictObject(common), (world, _input, id) => world.tables.charges.require(id)),
];
