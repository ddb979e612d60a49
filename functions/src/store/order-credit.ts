import { creditToReturn } from '../domain/rewards/credit.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { minor, type Amount, type Currency } from '../shared/money.ts';
import { appendEvent } from './order-events.ts';
import { releaseHold, returnCredit, settleHold } from './reward-uses.ts';

/** Tokens that pay for an order, in part or in whole. */
export interface CreditPart {
  /** What they take off its price. */
  amount: Amount<Currency>;
  /** What they are, in wei. */
  tokens: Amount<'DOTM'>;
}

/** An order as its credit sees it. */
export interface CreditedOrder {
  id: string;
  currency: Currency;
  total: Amount<Currency>;
  refunded: Amount<Currency>;
  credit: (CreditPart & { returned: Amount<'DOTM'> }) | null;
}

/** Spends what an order holds, locked by the caller and paid now. Safe to repeat. */
export async function spendCredit(tx: Tx, order: CreditedOrder, now: Date): Promise<void> {
  if (order.credit === null) return;
  const spent = await settleHold(tx, order.id, now);
  if (spent === 0n) return;
  const evidence = {
    amount: order.credit.amount.toString(),
    currency: order.currency,
    creditWei: spent.toString(),
  };
  await appendEvent(tx, { orderId: order.id, kind: 'credit_used', evidence }, now);
}

/** Lets go what an order holds, locked by the caller: it was not paid, or its payment can't be kept. Safe to repeat. */
export async function releaseCredit(tx: Tx, order: CreditedOrder, now: Date): Promise<void> {
  if (order.credit === null) return;
  const released = await releaseHold(tx, order.id, now);
  if (released > 0n) await noteReturn(tx, order, { step: released, returned: order.credit.tokens }, now);
}

/**
 * Gives back the share of an order's credit that goes with the money that has gone back by now; the caller has locked the order. A refund
 * that the bank returned leaves it with the member. Safe to repeat.
 */
export async function returnShareOfCredit(tx: Tx, order: CreditedOrder, now: Date): Promise<void> {
  if (order.credit === null) return;
  const { total, credit } = order;
  const refunded = order.refunded < total ? order.refunded : total;
  const returned = creditToReturn({ credit: credit.tokens, refunded, total });
  if (returned <= credit.returned) return;
  const step = await returnCredit(tx, order.id, returned, now);
  await noteReturn(tx, order, { step, returned }, now);
}

async function noteReturn(
  tx: Tx,
  order: CreditedOrder,
  back: { step: Amount<'DOTM'>; returned: Amount<'DOTM'> },
  now: Date,
): Promise<void> {
  await tx.query('update orders set credit_returned_wei = $2 where id = $1', [order.id, back.returned]);
  if (order.credit) order.credit.returned = back.returned;
  const evidence = { creditWei: back.step.toString() };
  await appendEvent(tx, { orderId: order.id, kind: 'credit_returned', key: String(back.returned), evidence }, now);
}

/** What the member's unpaid orders hold, in wei: it is spent when they are paid, and free again when they are given up. */
export async function heldForOrders(db: Queryable, memberId: string): Promise<Amount<'DOTM'>> {
  const { rows } = await db.query<{ held: bigint }>(
    `select coalesce(sum(amount_wei), 0)::numeric(38, 0) as held from reward_use
     where member_id = $1 and kind = 'credit' and state = 'held'`,
    [memberId],
  );
  return minor('DOTM', rows[0]?.held ?? 0n);
}
