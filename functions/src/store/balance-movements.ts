import type { Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import type { Span } from './reconciliation-runs.ts';

/** What moved our balance at the payment provider, in its own words. */
export interface Movement {
  /** The provider's id. */
  id: string;
  kind: 'charge' | 'payment' | 'refund' | 'payment_refund' | 'adjustment' | 'stripe_fee' | 'payout' | 'other';
  /** The charge, refund or dispute behind it. */
  sourceId: string | null;
  currency: Currency;
  /** Gross and signed, in minor units. */
  amount: bigint;
  fee: bigint;
  createdAt: Date;
}

/** Where a page of a check begins: after this id ('' for the first), at most so many rows. */
export interface PageOf extends Span {
  after: string;
  limit: number;
}

function pageValues({ from, to, after, limit }: PageOf): unknown[] {
  return [from, to, after, limit];
}

/** Keeps a movement. Returns false when it was kept before: then its fee is in the ledger. */
export async function insertMovement(tx: Tx, movement: Movement): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into balance_movement (id, kind, source_id, currency, amount_minor, fee_minor, at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
    [
      movement.id,
      movement.kind,
      movement.sourceId,
      movement.currency,
      movement.amount,
      movement.fee,
      movement.createdAt,
    ],
  );
  return rowCount === 1;
}

/** A payment at the provider that does not stand in our books as it should. */
export interface DoubtfulPayment {
  id: string;
  source_id: string | null;
  currency: Currency;
  amount: bigint;
  /** Null when no order names this charge. */
  order_id: string | null;
  order_currency: Currency | null;
  /** What the ledger says came in for the order. */
  booked: bigint | null;
}

/** What `orders o` brought in, as the ledger has it. */
const booked = `lateral (select sum(e.amount) as amount from ledger.transfers t join ledger.entries e on e.transfer_id = t.id
  where t.idempotency_key = o.id || '/paymentReceived' and e.amount > 0) as booked`;

/** Payments in the span that no order names, or whose order or ledger has another amount or currency. By movement id. */
export async function readDoubtfulPayments(db: Queryable, page: PageOf): Promise<DoubtfulPayment[]> {
  const { rows } = await db.query<DoubtfulPayment>(
    `select m.id, m.source_id, m.currency, m.amount_minor as amount, o.id as order_id, o.currency as order_currency,
       booked.amount as booked
     from balance_movement m left join orders o on o.charge_id = m.source_id left join ${booked} on true
     where m.kind in ('charge', 'payment') and m.at >= $1 and m.at < $2 and m.id > $3
       and (o.id is null or o.currency <> m.currency or booked.amount is distinct from m.amount_minor)
     order by m.id limit $4`,
    pageValues(page),
  );
  return rows;
}

/** An order with money in our books of which the provider's balance shows nothing. */
export interface UnseenPayment {
  id: string;
  charge_id: string | null;
  currency: Currency;
  booked: bigint;
}

/** Orders paid in the span whose charge never moved the provider's balance, as far as we have read it. By order id. */
export async function readUnseenPayments(db: Queryable, page: PageOf): Promise<UnseenPayment[]> {
  const { rows } = await db.query<UnseenPayment>(
    `select o.id, o.charge_id, o.currency, booked.amount as booked
     from orders o join ${booked} on booked.amount > 0
     where o.paid_at >= $1 and o.paid_at < $2 and o.id > $3
       and not exists (select 1 from balance_movement m where m.source_id = o.charge_id and m.kind in ('charge', 'payment'))
     order by o.id limit $4`,
    pageValues(page),
  );
  return rows;
}

/** A refund at the provider that does not stand in our books as it should. */
export interface DoubtfulRefund {
  id: string;
  source_id: string | null;
  currency: Currency;
  /** What went back, above zero. */
  amount: bigint;
  order_id: string | null;
  order_currency: Currency | null;
  state: string | null;
  recorded: bigint | null;
}

/** Refunds in the span that we do not know, have not booked, or know with another amount. By movement id. */
export async function readDoubtfulRefunds(db: Queryable, page: PageOf): Promise<DoubtfulRefund[]> {
  const { rows } = await db.query<DoubtfulRefund>(
    `select m.id, m.source_id, m.currency, -m.amount_minor as amount, r.order_id, o.currency as order_currency, r.state,
       r.amount_minor as recorded
     from balance_movement m left join refund r on r.stripe_refund_id = m.source_id left join orders o on o.id = r.order_id
     where m.kind in ('refund', 'payment_refund') and m.at >= $1 and m.at < $2 and m.id > $3
       and (r.id is null or r.state <> 'succeeded' or o.currency <> m.currency or r.amount_minor <> -m.amount_minor)
     order by m.id limit $4`,
    pageValues(page),
  );
  return rows;
}

/** A refund of ours of which the provider's balance shows nothing. */
export interface UnseenRefund {
  id: string;
  order_id: string;
  stripe_refund_id: string | null;
  state: string;
  currency: Currency;
  amount: bigint;
}

/** Refunds asked for or settled in the span that never moved the provider's balance. By refund id. */
export async function readUnseenRefunds(db: Queryable, page: PageOf): Promise<UnseenRefund[]> {
  const { rows } = await db.query<UnseenRefund>(
    `select r.id, r.order_id, r.stripe_refund_id, r.state, o.currency, r.amount_minor as amount
     from refund r join orders o on o.id = r.order_id
     where (r.requested_at >= $1 and r.requested_at < $2 or r.settled_at >= $1 and r.settled_at < $2)
       and r.state <> 'failed' and r.id > $3 and (r.settled_at is null or r.settled_at < $2)
       and not exists (select 1 from balance_movement m where m.source_id = r.stripe_refund_id)
     order by r.id limit $4`,
    pageValues(page),
  );
  return rows;
}

/** A movement that is neither payment nor refund, and what we know of its source. */
export interface OddMovement {
  id: string;
  kind: Movement['kind'];
  source_id: string | null;
  currency: Currency;
  amount: bigint;
  dispute_order: string | null;
  dispute_amount: bigint | null;
  dispute_status: string | null;
  refund_order: string | null;
}

/**
 * Movements in the span that our disputes and returned refunds do not explain. Fees are booked as they are read; payouts are money
 * on its way to our own bank account. By movement id.
 */
export async function readOddMovements(db: Queryable, page: PageOf): Promise<OddMovement[]> {
  const { rows } = await db.query<OddMovement>(
    `select m.id, m.kind, m.source_id, m.currency, m.amount_minor as amount, d.order_id as dispute_order,
       d.amount_minor as dispute_amount, d.status as dispute_status, r.order_id as refund_order
     from balance_movement m left join dispute d on d.id = m.source_id left join refund r on r.stripe_refund_id = m.source_id
     where m.kind in ('adjustment', 'other') and m.at >= $1 and m.at < $2 and m.id > $3
       and case m.kind
         -- A refund that came back and that we know to have failed is booked: its posting was reversed.
         when 'other' then r.state is distinct from 'failed' or r.amount_minor <> m.amount_minor
         else d.id is null or abs(m.amount_minor) <> d.amount_minor or m.amount_minor > 0 and d.status <> 'won' end
     order by m.id limit $4`,
    pageValues(page),
  );
  return rows;
}

/** A dispute of ours for which the provider's balance shows no withdrawal. */
export interface UnseenDispute {
  id: string;
  order_id: string;
  currency: Currency;
  amount: bigint;
}

/** Disputes opened in the span, and not won since, for which nothing was withdrawn. By dispute id. */
export async function readUnseenDisputes(db: Queryable, page: PageOf): Promise<UnseenDispute[]> {
  const { rows } = await db.query<UnseenDispute>(
    `select d.id, d.order_id, o.currency, d.amount_minor as amount from dispute d join orders o on o.id = d.order_id
     where d.opened_at >= $1 and d.opened_at < $2 and d.id > $3
       and d.status <> 'won'
       and not exists (select 1 from balance_movement m where m.source_id = d.id and m.amount_minor < 0)
     order by d.id limit $4`,
    pageValues(page),
  );
  return rows;
}
