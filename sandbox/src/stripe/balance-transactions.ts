import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { page } from './pagination.ts';
import { common, currency, paging, range, text } from './params.ts';
import type { World } from './world.ts';

/** Money becomes available this long after it moved. */
const AVAILABLE_AFTER_SECONDS = 2 * 24 * 3600;

interface Movement {
  /** In minor units; negative when money leaves the balance. */
  amount: number;
  fee?: number;
  currency: string;
  source: string;
  type: Stripe.BalanceTransaction['type'];
  category: string;
  description: string | null;
}

/** Answers the fee of a payment: 2.9 % of the amount, rounded half up, plus 30, all in minor units. */
export function feeOf(amount: number): number {
  return Math.floor((amount * 29 + 500) / 1000) + 30;
}

/** Writes one movement of the balance. */
export function recordMovement(world: World, movement: Movement): Stripe.BalanceTransaction {
  const { amount, fee = 0, source } = movement;
  const now = world.now();
  return world.tables.balanceTransactions.put({
    id: randomId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: now + AVAILABLE_AFTER_SECONDS,
    balance_type: 'payments',
    created: now,
    currency: movement.currency,
    description: movement.description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: movement.currency,
              description: movement.type === 'adjustment' ? 'Dispute fee' : 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: amount - fee,
    reporting_category: movement.category,
    source,
    status: 'pending',
    type: movement.type,
  });
}

/** Shows a movement as of now: it turns from pending to available as time passes. */
function asOfNow(world: World, movement: Stripe.BalanceTransaction): Stripe.BalanceTransaction {
  return { ...movement, status: movement.available_on <= world.now() ? 'available' : 'pending' };
}

/** `/v1/balance_transactions…` */
export const balanceTransactionEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/balance_transactions',
    z.strictObject({
      ...paging,
      created: range.optional(),
      currency: currency.optional(),
      source: text.optional(),
      type: text.optional(),
    }),
    (world, input) => {
      const all = world.tables.balanceTransactions
        .list({ source: input.source, type: input.type })
        .filter((it) => !input.currency || it.currency === input.currency)
        .map((it) => asOfNow(world, it));
      return page(all, input, '/v1/balance_transactions');
    },
  ),
  endpoint('GET', '/v1/balance_transactions/:id', z.strictObject(common), (world, _input, id) =>
    asOfNow(world, world.tables.balanceTransactions.require(id)),
  ),
];
