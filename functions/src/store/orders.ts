import type { DiscountReason } from '../domain/pricing/discounts.ts';
import { assertMayMove, delivered } from '../domain/orders/transitions.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { minor, type Amount, type Currency } from '../shared/money.ts';
import type { OrderEventKind, OrderState } from '../shared/order.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { log } from '../platform/log.ts';
import { releaseCredit, returnShareOfCredit, type CreditPart } from './order-credit.ts';
import { appendEvent } from './order-events.ts';
import { insertItems, readItems, type NewItem, type OrderItem } from './order-items.ts';
import { touchMember } from './members.ts';
import { releasePromotion } from './promotions.ts';

export interface Order {
  id: Id<'order'>;
  memberId: Id<'member'>;
  state: OrderState;
  mode: 'payment' | 'subscription';
  currency: Currency;
  /** What is to be paid for the goods with money; once it is paid, what was charged in all, tax included. */
  total: Amount<Currency>;
  /** The part of `total` that is tax. */
  tax: Amount<Currency>;
  refunded: Amount<Currency>;
  /** The part of `refunded` that was tax. */
  taxRefunded: Amount<Currency>;
  /** What tokens pay beside `total`, and how many of them are the member's again. */
  credit: (CreditPart & { returned: Amount<'DOTM'> }) | null;
  catalogVersion: number;
  /** Why the items' discounts are given. */
  discount: DiscountReason | null;
  renewalDiscount: DiscountReason | null;
  paymentPending: boolean;
  checkoutSessionId: string | null;
  checkoutUrl: string | null;
  paymentIntentId: string | null;
  subscriptionId: string | null;
  invoiceId: string | null;
  chargeId: string | null;
  receiptUrl: string | null;
  lineId: Id<'line'> | null;
  settled: boolean;
  createdAt: Date;
  expiresAt: Date;
  paidAt: Date | null;
  deadlineAt: Date | null;
  items: OrderItem[];
}

interface OrderRow {
  id: Id<'order'>;
  member_id: Id<'member'>;
  state: OrderState;
  mode: 'payment' | 'subscription';
  currency: Currency;
  total_minor: bigint;
  tax_minor: bigint;
  refunded_minor: bigint;
  tax_refunded_minor: bigint;
  credit_minor: bigint;
  credit_wei: bigint;
  credit_returned_wei: bigint;
  catalog_version: number;
  discount_kind: DiscountReason['kind'] | null;
  discount_id: string | null;
  discount_basis_points: number | null;
  renewal_discount_kind: DiscountReason['kind'] | null;
  renewal_discount_id: string | null;
  renewal_discount_basis_points: number | null;
  payment_pending: boolean;
  checkout_session_id: string | null;
  checkout_url: string | null;
  payment_intent_id: string | null;
  stripe_subscription_id: string | null;
  invoice_id: string | null;
  charge_id: string | null;
  receipt_url: string | null;
  line_id: Id<'line'> | null;
  settled: boolean;
  created_at: Date;
  expires_at: Date;
  paid_at: Date | null;
  deadline_at: Date | null;
}

function toReason(
  kind: DiscountReason['kind'] | null,
  id: string | null,
  basisPoints: number | null,
): DiscountReason | null {
  return kind === null || id === null ? null : { kind, id, basisPoints };
}

function toCredit(row: OrderRow): Order['credit'] {
  if (row.credit_minor === 0n) return null;
  return {
    amount: minor(row.currency, row.credit_minor),
    tokens: minor('DOTM', row.credit_wei),
    returned: minor('DOTM', row.credit_returned_wei),
  };
}

async function withItems(db: Queryable, rows: OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return [];
  const items = await readItems(db, rows);
  return rows.map((row) => ({
    id: row.id,
    memberId: row.member_id,
    state: row.state,
    mode: row.mode,
    currency: row.currency,
    total: minor(row.currency, row.total_minor),
    tax: minor(row.currency, row.tax_minor),
    refunded: minor(row.currency, row.refunded_minor),
    taxRefunded: minor(row.currency, row.tax_refunded_minor),
    credit: toCredit(row),
    catalogVersion: row.catalog_version,
    discount: toReason(row.discount_kind, row.discount_id, row.discount_basis_points),
    renewalDiscount: toReason(row.renewal_discount_kind, row.renewal_discount_id, row.renewal_discount_basis_points),
    paymentPending: row.payment_pending,
    checkoutSessionId: row.checkout_session_id,
    checkoutUrl: row.checkout_url,
    paymentIntentId: row.payment_intent_id,
    subscriptionId: row.stripe_subscription_id,
    invoiceId: row.invoice_id,
    chargeId: row.charge_id,
    receiptUrl: row.receipt_url,
    lineId: row.line_id,
    settled: row.settled,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    deadlineAt: row.deadline_at,
    items: items.get(row.id) ?? [],
  }));
}

async function readOne(db: Queryable, where: string, value: string): Promise<Order | null> {
  const { rows } = await db.query<OrderRow>(`select * from orders where ${where}`, [value]);
  return (await withItems(db, rows))[0] ?? null;
}

/** Finds an order by id. */
export function findOrder(db: Queryable, id: string): Promise<Order | null> {
  return readOne(db, 'id = $1', id);
}

/** Finds the order that a payment was made for. */
export function findOrderByPayment(db: Queryable, paymentIntentId: string): Promise<Order | null> {
  return readOne(db, 'payment_intent_id = $1', paymentIntentId);
}

/** Finds the order that an invoice paid. */
export function findOrderByInvoice(db: Queryable, invoiceId: string): Promise<Order | null> {
  return readOne(db, 'invoice_id = $1', invoiceId);
}

/** The first order of a subscription: the one whose checkout began it. */
export function findFirstOrderOfSubscription(db: Queryable, subscriptionId: string): Promise<Order | null> {
  return readOne(db, 'stripe_subscription_id = $1 order by id limit 1', subscriptionId);
}

/** Finds an order of `memberId`; somebody else's does not exist. Throws `not_found`. */
export async function getOwnOrder(db: Queryable, id: string, memberId: string): Promise<Order> {
  const order = await findOrder(db, id);
  if (order?.memberId !== memberId) throw new CodedError('not_found', `no order ${id}`);
  return order;
}

/** Reads an order under a row lock, so that what follows in the transaction sees its last state. Throws `not_found`. */
export async function lockOrder(tx: Tx, id: string): Promise<Order> {
  const order = await readOne(tx, 'id = $1 for update', id);
  if (!order) throw new CodedError('not_found', `no order ${id}`);
  return order;
}

export interface NewOrder {
  id: Id<'order'>;
  memberId: Id<'member'>;
  mode: 'payment' | 'subscription';
  currency: Currency;
  catalogVersion: number;
  /** What is left to be paid with money. */
  total: Amount<Currency>;
  /** What tokens pay: the caller holds them for the order in the same transaction. */
  credit?: CreditPart | null;
  discount: DiscountReason | null;
  renewalDiscount: DiscountReason | null;
  /** When the quote was given that it is placed with. */
  quotedAt: Date | null;
  createdAt: Date;
  expiresAt: Date;
  items: (NewItem & { oncePerPerson: boolean })[];
  /**
   * The subscription that it pays for: of a renewal, whose order is made when the money has come, with its invoice; of a change of plan
   * without.
   */
  renewal?: { invoiceId: string | null; subscriptionId: string };
}

/**
 * Writes a new order with its items. Returns false when the order (or the renewal's invoice) was written before. Throws
 * `order.once_per_person` when the member holds such a product already.
 */
export async function insertOrder(tx: Tx, order: NewOrder): Promise<boolean> {
  const credit = order.credit?.amount ?? minor(order.currency, 0n);
  const { rowCount } = await tx.query(
    `insert into orders (id, member_id, state, mode, currency, total_minor, catalog_version, created_at, expires_at, state_changed_at,
       invoice_id, stripe_subscription_id, discount_kind, discount_id, discount_basis_points, renewal_discount_kind,
       renewal_discount_id, renewal_discount_basis_points, quoted_at, credit_minor, credit_wei)
     values ($1, $2, 'created', $3, $4, $5, $6, $7, $8, $7, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     on conflict do nothing`,
    [
      order.id,
      order.memberId,
      order.mode,
      order.currency,
      order.total,
      order.catalogVersion,
      order.createdAt,
      order.expiresAt,
      order.renewal?.invoiceId ?? null,
      order.renewal?.subscriptionId ?? null,
      order.discount?.kind ?? null,
      order.discount?.id ?? null,
      order.discount?.basisPoints ?? null,
      order.renewalDiscount?.kind ?? null,
      order.renewalDiscount?.id ?? null,
      order.renewalDiscount?.basisPoints ?? null,
      order.quotedAt,
      credit,
      order.credit?.tokens ?? 0n,
    ],
  );
  if (rowCount === 0) return false;
  await insertItems(tx, order.id, order.items, credit);
  for (const item of order.items) if (item.oncePerPerson) await holdOncePerPerson(tx, order, item.productId);
  await appendEvent(tx, { orderId: order.id, kind: 'created', evidence: {} }, order.createdAt);
  await touchMember(tx, order.memberId, order.createdAt);
  return true;
}

async function holdOncePerPerson(tx: Tx, order: NewOrder, productId: string): Promise<void> {
  const { rowCount } = await tx.query(
    'insert into once_per_person (member_id, product_id, order_id) values ($1, $2, $3) on conflict do nothing',
    [order.memberId, productId, order.id],
  );
  if (rowCount === 0) throw new CodedError('order.once_per_person', `${productId} can be had once per person`);
}

/**
 * Moves an order (locked by the caller) to a state, with the event and evidence that say why, and has the member's view made
 * anew. An order that expired or was refunded gives back its credit and what a person may have once; the promotion that it holds only when
 * nothing was delivered, else one code could be used again and again. Throws `order.wrong_state`.
 */
export async function moveOrder(
  tx: Tx,
  order: Order,
  to: OrderState,
  event: { kind: OrderEventKind; evidence: Record<string, string>; key?: string },
  now: Date,
): Promise<void> {
  assertMayMove(order.state, to);
  await tx.query('update orders set state = $2, state_changed_at = $3 where id = $1', [order.id, to, now]);
  if (to === 'expired' || to === 'refunded')
    await tx.query('delete from once_per_person where order_id = $1', [order.id]);
  await appendEvent(tx, { orderId: order.id, ...event }, now);
  await touchMember(tx, order.memberId, now);
  if (to === 'expired' || (to === 'refunded' && !order.settled)) await releasePromotion(tx, order.id, now);
  if (to === 'expired') await releaseCredit(tx, order, now);
  if (to === 'refunded') await returnShareOfCredit(tx, order, now);
  log.orderMoved(order.id, order.state, to);
  order.state = to;
}

/** The columns that record what vendors told us about an order. */
export interface OrderFacts {
  checkoutSessionId?: string;
  checkoutUrl?: string | null;
  paymentIntentId?: string;
  subscriptionId?: string;
  invoiceId?: string;
  chargeId?: string;
  receiptUrl?: string | null;
  paymentPending?: boolean;
  lineId?: string;
  paidAt?: Date;
  deadlineAt?: Date;
  settled?: boolean;
  refunded?: Amount<Currency>;
  taxRefunded?: Amount<Currency>;
  currency?: Currency;
  total?: Amount<Currency>;
  tax?: Amount<Currency>;
}

const factColumns: Record<keyof OrderFacts, string> = {
  checkoutSessionId: 'checkout_session_id',
  checkoutUrl: 'checkout_url',
  paymentIntentId: 'payment_intent_id',
  subscriptionId: 'stripe_subscription_id',
  invoiceId: 'invoice_id',
  chargeId: 'charge_id',
  receiptUrl: 'receipt_url',
  paymentPending: 'payment_pending',
  lineId: 'line_id',
  paidAt: 'paid_at',
  deadlineAt: 'deadline_at',
  settled: 'settled',
  refunded: 'refunded_minor',
  taxRefunded: 'tax_refunded_minor',
  currency: 'currency',
  total: 'total_minor',
  tax: 'tax_minor',
};

/** Writes down facts about an order; fields left out stay as they are. */
export async function recordFacts(tx: Tx, orderId: string, facts: OrderFacts): Promise<void> {
  const entries = Object.entries(facts) as [keyof OrderFacts, unknown][];
  const sets = entries.map(([key], index) => `${factColumns[key]} = $${index + 2}`);
  if (sets.length === 0) return;
  await tx.query(`update orders set ${sets.join(', ')} where id = $1`, [orderId, ...entries.map(([, value]) => value)]);
}

/** When the member's first payment was booked; null before any. */
export async function findFirstPayment(db: Queryable, memberId: string): Promise<Date | null> {
  const { rows } = await db.query<{ first: Date | null }>(
    'select min(paid_at) as first from orders where member_id = $1',
    [memberId],
  );
  return rows[0]?.first ?? null;
}

/** Orders of one member, newest first, at most `limit`, older than `before`. */
export async function listOrdersOf(db: Queryable, memberId: string, limit: number, before?: string): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>(
    'select * from orders where member_id = $1 and ($2::text is null or id < $2) order by id desc limit $3',
    [memberId, before ?? null, limit],
  );
  return withItems(db, rows);
}

/** Ids of paid orders whose deadline has passed undelivered. */
export async function findOverdueOrders(db: Queryable, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from orders where state in ('paid', 'provisioning') and deadline_at <= $1 order by deadline_at limit 100`,
    [now],
  );
  return rows.map((row) => row.id);
}

/**
 * Ids of orders whose payment page has been open since before `openedBefore`: the provider's event may have been lost. Those whose
 * money is on its way are among them.
 */
export async function findUnsettledOrders(db: Queryable, openedBefore: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from orders where state = 'created' and checkout_session_id is not null and created_at <= $1 order by created_at limit 500`,
    [openedBefore],
  );
  return rows.map((row) => row.id);
}

/** Ids of unpaid orders that are past their end; those whose money is on its way are left alone. */
export async function findExpiredOrders(db: Queryable, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from orders where state = 'created' and not payment_pending and expires_at <= $1 order by expires_at limit 100`,
    [now],
  );
  return rows.map((row) => row.id);
}

/** The delivered orders of a line, under row locks taken in the order of their ids. Lock the line itself after its orders. */
export async function lockDeliveredOrders(tx: Tx, lineId: string): Promise<Order[]> {
  const { rows } = await tx.query<OrderRow>(
    'select * from orders where line_id = $1 and state = any($2) order by id for update',
    [lineId, delivered],
  );
  return withItems(tx, rows);
}
