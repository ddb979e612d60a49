import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { minor, subtract, type Amount, type Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { addJob } from '../platform/outbox.ts';
import { appendEvent } from './order-events.ts';
import { touchMember } from './members.ts';
import { moveOrder, type Order } from './orders.ts';

export interface RefundRecord {
  id: Id<'refund'>;
  orderId: Id<'order'>;
  amount: bigint;
  /** The part of it that is tax, once it is booked. */
  tax: bigint;
  reason: string;
  stripeRefundId: string | null;
  state: 'requested' | 'pending' | 'succeeded' | 'failed';
}

interface RefundRow {
  id: Id<'refund'>;
  order_id: Id<'order'>;
  amount_minor: bigint;
  tax_minor: bigint;
  reason: string;
  stripe_refund_id: string | null;
  state: RefundRecord['state'];
}

function toRefund(row: RefundRow): RefundRecord {
  return {
    id: row.id,
    orderId: row.order_id,
    amount: row.amount_minor,
    tax: row.tax_minor,
    reason: row.reason,
    stripeRefundId: row.stripe_refund_id,
    state: row.state,
  };
}

/**
 * Begins to give money back for an order that the caller has locked, once for each `key`; the deed at the payment provider follows
 * as a job. Without `amount`, all that is left. A refund of the whole moves the order to `refunding`; so does one of an order that was
 * paid without money, whose tokens go back. Returns false when that key was asked for before. Throws `order.not_refundable` for more than is left, counting refunds under way.
 */
export async function startRefund(
  tx: Tx,
  order: Order,
  request: { key: string; reason: string; amount?: Amount<Currency> },
  now: Date,
): Promise<boolean> {
  if (await findRefundByKey(tx, order.id, request.key)) return false;
  const isUncharged = order.total === 0n && order.paidAt !== null;
  if (isUncharged && request.amount === undefined) return startWithoutMoney(tx, order, request, now);
  const left = subtract(order.total, minor(order.currency, await refundsClaimed(tx, order.id)));
  const amount = request.amount ?? left;
  if (order.paidAt === null || amount <= 0n || amount > left) {
    throw new CodedError(
      'order.not_refundable',
      `order ${order.id} has ${left} minor units left to refund, asked for ${amount}`,
    );
  }
  const id = newId('refund', now);
  await tx.query(
    `insert into refund (id, order_id, request_key, amount_minor, reason, state, requested_at) values ($1, $2, $3, $4, $5, 'requested', $6)`,
    [id, order.id, request.key, amount, request.reason, now],
  );
  const event = { kind: 'refund_started', key: id, evidence: { reason: request.reason } } as const;
  // An order whose refund the bank returned is `refunding` already: this is another try.
  if (amount === left && order.state !== 'refunding') {
    await moveOrder(tx, order, 'refunding', event, now);
  } else {
    await appendEvent(tx, { orderId: order.id, ...event }, now);
    await touchMember(tx, order.memberId, now);
  }
  await addJob(tx, { queue: 'payments', topic: 'order.refund', key: id, payload: { refundId: id } }, now);
  return true;
}

/** There is no money to give back, so there is no refund to follow: only what it paid for ends. Once for an order. */
async function startWithoutMoney(
  tx: Tx,
  order: Order,
  { key, reason }: { key: string; reason: string },
  now: Date,
): Promise<boolean> {
  if (order.state === 'refunding' || order.state === 'refunded') return false;
  await moveOrder(tx, order, 'refunding', { kind: 'refund_started', key, evidence: { reason } }, now);
  const payload = { orderId: order.id, reason };
  await addJob(tx, { queue: 'payments', topic: 'order.end_uncharged', key: order.id, payload }, now);
  return true;
}

/** Minor units that went back or are on their way: refunds that have not failed, and disputes that the bank decided for the member. */
async function refundsClaimed(db: Queryable, orderId: string): Promise<bigint> {
  const { rows } = await db.query<{ sum: bigint }>(
    `select ((select coalesce(sum(amount_minor), 0) from refund where order_id = $1 and state <> 'failed')
       + (select coalesce(sum(amount_minor), 0) from dispute where order_id = $1 and status = 'lost'))::bigint as sum`,
    [orderId],
  );
  return rows[0]?.sum ?? 0n;
}

/** Minor units that are back with the member: refunds that were booked, and disputes that the bank decided for the member. */
export async function moneyReturned(db: Queryable, { id, currency }: Order): Promise<Amount<Currency>> {
  const { rows } = await db.query<{ sum: bigint }>(
    `select ((select coalesce(sum(amount_minor), 0) from refund where order_id = $1 and state = 'succeeded')
       + (select coalesce(sum(amount_minor), 0) from dispute where order_id = $1 and status = 'lost'))::bigint as sum`,
    [id],
  );
  return minor(currency, rows[0]?.sum ?? 0n);
}

async function findRefundByKey(db: Queryable, orderId: string, key: string): Promise<RefundRecord | null> {
  const { rows } = await db.query<RefundRow>('select * from refund where order_id = $1 and request_key = $2', [
    orderId,
    key,
  ]);
  return rows[0] ? toRefund(rows[0]) : null;
}

/** Reads a refund of ours. Throws `not_found`. */
export async function getRefundRecord(db: Queryable, id: string): Promise<RefundRecord> {
  const { rows } = await db.query<RefundRow>('select * from refund where id = $1', [id]);
  if (!rows[0]) throw new CodedError('not_found', `no refund ${id}`);
  return toRefund(rows[0]);
}

/**
 * Finds our record of the provider's refund, by its id or by the id of ours in its metadata; writes one for a refund that was made
 * at the provider itself. The caller has locked the order.
 */
export async function adoptRefund(
  tx: Tx,
  order: Order,
  found: { stripeRefundId: string; refundId: string | null; amount: bigint },
  now: Date,
): Promise<RefundRecord> {
  const { rows } = await tx.query<RefundRow>(
    `update refund set stripe_refund_id = $2 where order_id = $1 and (stripe_refund_id = $2 or id = $3) returning *`,
    [order.id, found.stripeRefundId, found.refundId],
  );
  if (rows[0]) return toRefund(rows[0]);
  const inserted = await tx.query<RefundRow>(
    `insert into refund (id, order_id, request_key, amount_minor, reason, stripe_refund_id, state, requested_at)
     values ($1, $2, $3, $4, 'made at the payment provider', $3, 'requested', $5) returning *`,
    [newId('refund', now), order.id, found.stripeRefundId, found.amount, now],
  );
  return toRefund(inserted.rows[0]!);
}

/** Makes a refund that has not been made yet smaller: part of the money went back another way meanwhile. */
export async function shrinkRefund(tx: Tx, id: string, amount: Amount<Currency>): Promise<void> {
  await tx.query('update refund set amount_minor = $2 where id = $1 and stripe_refund_id is null', [id, amount]);
}

/** Notes which part of a refund was tax, when it is booked. */
export async function recordTaxOfRefund(tx: Tx, id: string, tax: Amount<Currency>): Promise<void> {
  await tx.query('update refund set tax_minor = $2 where id = $1', [id, tax]);
}

/** Moves a refund to a state. Returns false when it was there already: its effect has happened. */
export async function moveRefund(tx: Tx, id: string, to: RefundRecord['state'], now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refund set state = $2, settled_at = case when $2 in ('succeeded', 'failed') then $3::timestamptz end
     where id = $1 and state <> $2`,
    [id, to, now],
  );
  return rowCount === 1;
}

/** Ids of the payment provider's refunds that have been settled for an order. */
export async function listSettledRefunds(db: Queryable, orderId: string): Promise<string[]> {
  const { rows } = await db.query<{ stripe_refund_id: string }>(
    `select stripe_refund_id from refund where order_id = $1 and state = 'succeeded' and stripe_refund_id is not null`,
    [orderId],
  );
  return rows.map((row) => row.stripe_refund_id);
}
