import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { recordMovement } from './balance-transactions.ts';
import { invalidRequest } from './errors.ts';
import { formatMoney } from './money.ts';
import { page } from './pagination.ts';
import { common, mergeMetadata, metadata, metadataUpdate, natural, paging, range, text } from './params.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

/** A refund to a bank account arrives this much later; one to a card counts as done at once. */
const BANK_REFUND_SECONDS = 5 * 24 * 3600;
/** A card refund's reference number, with which a cardholder can ask the bank, is known this much later. */
const REFERENCE_SECONDS = 3 * 24 * 3600;

const createInput = z.strictObject({
  ...common,
  amount: natural.refine((value) => value >= 1, { error: 'Invalid positive integer' }).optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: z.union([z.literal('').transform(() => ({})), metadata]).optional(),
});

/** Gives money of a charge back, and emits `refund.created` and `charge.refunded`. */
function createRefund(world: World, input: z.output<typeof createInput>): Stripe.Refund {
  const charge = chargeToRefund(world, input);
  const amount = amountToRefund(charge, input.amount);
  const card = charge.payment_method_details?.type === 'card';
  const id = randomId(card ? 're' : 'pyr');
  const movement = recordMovement(world, {
    amount: -amount,
    currency: charge.currency,
    source: id,
    type: card ? 'refund' : 'payment_refund',
    category: 'refund',
    description: `REFUND FOR ${card ? 'CHARGE' : 'PAYMENT'}${charge.description ? ` (${charge.description})` : ''}`,
  });
  const refund: Stripe.Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: movement.id,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    destination_details: card
      ? {
          type: 'card',
          card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
        }
      : { type: 'us_bank_transfer', us_bank_transfer: { reference: null, reference_status: 'pending' } },
    metadata: input.metadata ?? {},
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: input.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: card ? 'succeeded' : 'pending',
    transfer_reversal: null,
  };
  world.tables.refunds.put(refund);
  const changed = refundedBy(world, charge, amount);
  world.emit('refund.created', refund);
  world.emit('charge.refunded', changed, {
    amount_refunded: charge.amount_refunded,
    ...(changed.refunded ? { refunded: false } : {}),
  });
  if (card) world.agenda.schedule('refund-gets-reference', id, world.now() + REFERENCE_SECONDS);
  else world.agenda.schedule('refund-settles', id, world.now() + BANK_REFUND_SECONDS);
  return refund;
}

function refundedBy(world: World, charge: Stripe.Charge, amount: number): Stripe.Charge {
  const refunded = charge.amount_refunded + amount;
  return world.tables.charges.put({ ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
}

function chargeToRefund(world: World, input: z.output<typeof createInput>): Stripe.Charge {
  if (input.payment_intent !== undefined) {
    const intent = world.tables.paymentIntents.require(input.payment_intent, 'payment_intent');
    const charge = world.tables.charges.get(idOf(intent.latest_charge) ?? '');
    if (!charge || charge.status !== 'succeeded') {
      throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
        param: 'payment_intent',
      });
    }
    if (input.charge !== undefined && input.charge !== charge.id) {
      throw invalidRequest(`The charge ${input.charge} does not belong to ${intent.id}.`, { param: 'charge' });
    }
    return charge;
  }
  if (input.charge === undefined) {
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
    });
  }
  const charge = world.tables.charges.require(input.charge, 'charge');
  if (charge.status === 'succeeded') return charge;
  throw invalidRequest(`Charge ${charge.id} is not refundable: it is ${charge.status}.`, {
    code: 'charge_not_refundable',
    param: 'charge',
  });
}

function amountToRefund(charge: Stripe.Charge, wanted: number | undefined): number {
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  if (charge.disputed) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = wanted ?? left;
  if (amount <= left) return amount;
  const [asked, rest] = [amount, left].map((value) => formatMoney(value, charge.currency, 'en'));
  const what = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount';
  throw invalidRequest(`Refund amount (${asked}) is greater than ${what} (${rest})`, { param: 'amount' });
}

/** Marks a refund to a bank account as arrived. */
export function settleRefund(world: World, id: string): void {
  const refund = world.tables.refunds.get(id);
  if (refund?.status !== 'pending') return;
  announce(world, world.tables.refunds.put({ ...refund, status: 'succeeded' }), { status: 'pending' });
}

/** Gives a card refund its reference number. */
export function referRefund(world: World, id: string): void {
  const refund = world.tables.refunds.get(id);
  if (refund?.status !== 'succeeded') return;
  const before = refund.destination_details;
  const reference = String(10 ** 14 + world.core.store.nextNumber('stripe.refund-reference'));
  const details: Stripe.Refund.DestinationDetails = {
    type: 'card',
    card: { reference, reference_status: 'available', reference_type: 'acquirer_reference_number', type: 'refund' },
  };
  announce(world, world.tables.refunds.put({ ...refund, destination_details: details }), {
    destination_details: before,
  });
}

/** Lets a refund fail after all, as a closed card account does: the money is back on the balance, the charge unrefunded. */
export function failRefund(world: World, refund: Stripe.Refund): Stripe.Refund {
  if (refund.status === 'failed') return refund;
  const movement = recordMovement(world, {
    amount: refund.amount,
    currency: refund.currency,
    source: refund.id,
    type: 'refund_failure',
    category: 'refund_failure',
    description: 'REFUND FAILURE',
  });
  const failed = world.tables.refunds.put({
    ...refund,
    status: 'failed',
    failure_reason: 'lost_or_stolen_card',
    failure_balance_transaction: movement.id,
  });
  const charge = world.tables.charges.require(idOf(refund.charge) ?? '');
  refundedBy(world, charge, -refund.amount);
  announce(world, failed, { status: refund.status });
  world.emit('refund.failed', failed);
  return failed;
}

function announce(world: World, refund: Stripe.Refund, previous: object): void {
  world.emit('refund.updated', refund, previous);
  world.emit('charge.refund.updated', refund, previous);
}

/** `/v1/refunds…` */
export const refundEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/refunds', createInput, createRefund),
  endpoint(
    'GET',
    '/v1/refunds',
    z.strictObject({ ...paging, created: range.optional(), charge: text.optional(), payment_intent: text.optional() }),
    (world, input) => {
      const where = { charge: input.charge, paymentIntent: input.payment_intent };
      return page(world.tables.refunds.list(where), input, '/v1/refunds');
    },
  ),
  endpoint('GET', '/v1/refunds/:id', z.strictObject(common), (world, _input, id) => world.tables.refunds.require(id)),
  endpoint(
    'POST',
    '/v1/refunds/:id',
    z.strictObject({ ...common, metadata: metadataUpdate.optional() }),
    (world, input, id) => {
      const refund = world.tables.refunds.require(id);
      const changed = { ...refund, metadata: mergeMetadata(refund.metadata ?? {}, input.metadata) };
      announce(world, world.tables.refunds.put(changed), { metadata: refund.metadata });
      return changed;
    },
  ),
];
