import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { recordMovement } from './balance-transactions.ts';
import { invalidRequest } from './errors.ts';
import { page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** What the bank takes for a dispute, in minor units. */
const DISPUTE_FEE = 1_500;
/** Evidence can be handed in for this long. */
const ANSWER_SECONDS = 9 * 24 * 3600;

const EMPTY_EVIDENCE: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

/** Opens a dispute about a charge: what is left of it and a fee leave the balance at once. Only control can do this. */
export function openDispute(world: World, charge: Stripe.Charge, reason: string): Stripe.Dispute {
  if (charge.disputed) throw invalidRequest(`Charge ${charge.id} is disputed already.`, { param: 'charge' });
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} has not succeeded.`, { param: 'charge' });
  const amount = charge.amount - charge.amount_refunded;
  const id = randomId('du');
  const movement = recordMovement(world, {
    amount: -amount,
    fee: DISPUTE_FEE,
    currency: charge.currency,
    source: id,
    type: 'adjustment',
    category: 'dispute',
    description: `Chargeback withdrawal for ${charge.id}`,
  });
  const dispute = world.tables.disputes.put({
    id,
    object: 'dispute',
    amount,
    balance_transactions: [movement],
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...EMPTY_EVIDENCE, customer_email_address: charge.billing_details.email },
    evidence_details: {
      due_by: world.now() + ANSWER_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    reason,
    status: 'needs_response',
  });
  world.tables.charges.put({ ...charge, disputed: true });
  world.emit('charge.dispute.created', dispute);
  world.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** Closes a dispute: won brings the money back (not the fee), lost leaves it with the cardholder. */
export function closeDispute(world: World, dispute: Stripe.Dispute, outcome: 'won' | 'lost'): Stripe.Dispute {
  if (dispute.status === 'won' || dispute.status === 'lost') {
    throw invalidRequest(`This dispute is already closed (${dispute.status}).`);
  }
  const before = { status: dispute.status };
  if (outcome === 'lost') {
    const lost = world.tables.disputes.put({ ...dispute, status: 'lost' });
    world.emit('charge.dispute.closed', lost, before);
    return lost;
  }
  const movement = recordMovement(world, {
    amount: dispute.amount,
    currency: dispute.currency,
    source: dispute.id,
    type: 'adjustment',
    category: 'dispute_reversal',
    description: `Chargeback reversal for ${idOf(dispute.charge)}`,
  });
  const won = world.tables.disputes.put({
    ...dispute,
    status: 'won',
    balance_transactions: [...dispute.balance_transactions, movement],
  });
  world.emit('charge.dispute.funds_reinstated', won);
  world.emit('charge.dispute.closed', won, before);
  return won;
}

/** `/v1/disputes…` */
export const disputeEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/disputes',
    z.strictObject({ ...paging, created: range.optional(), charge: text.optional(), payment_intent: text.optional() }),
    (world, input) => {
      const where = { charge: input.charge, paymentIntent: input.payment_intent };
      return page(world.tables.disputes.list(where), input, '/v1/disputes');
    },
  ),
  endpoint('GET', '/v1/disputes/:id', z.strictObject(common), (world, _input, id) => world.tables.disputes.require(id)),
  // Closing by API means not to contest: the dispute is lost.
  endpoint('POST', '/v1/disputes/:id/close', z.strictObject(common), (world, _input, id) =>
    closeDispute(world, world.tables.disputes.require(id), 'lost'),
  ),
];
