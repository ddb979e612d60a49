import type { Promotion } from '../domain/pricing/catalog.ts';
import { CodedError } from '../shared/errors.ts';
import type { Currency } from '../shared/money.ts';
import type { Queryable, Tx } from '../platform/db.ts';

/** A promotion as operators made it, with what became of it. */
export interface PromotionRecord {
  code: string;
  /** Null where it takes amounts off. */
  basisPoints: number | null;
  /** In minor units; empty where it takes a percentage off. */
  amounts: { currency: Currency; minor: bigint }[];
  productIds: string[] | null;
  startsAt: Date;
  endsAt: Date | null;
  endedAt: Date | null;
  maxRedemptions: number | null;
  maxPerPerson: number | null;
  note: string;
  createdAt: Date;
  reserved: number;
  redeemed: number;
}

interface PromotionRow {
  code: string;
  basis_points: number | null;
  amounts: { currency: Currency; minor: string }[];
  product_ids: string[] | null;
  starts_at: Date;
  ends_at: Date | null;
  ended_at: Date | null;
  max_redemptions: number | null;
  max_per_person: number | null;
  taken: number;
  note: string;
  created_at: Date;
  reserved: number;
  redeemed: number;
}

/** Amounts are text: JSON numbers end at 2^53. */
const promotionSql = `
  select p.*,
    (select coalesce(json_agg(json_build_object('currency', currency, 'minor', amount_minor::text) order by currency), '[]')
     from promotion_amount where code = p.code) as amounts,
    (select count(*)::integer from promotion_redemption where code = p.code and state = 'reserved') as reserved,
    (select count(*)::integer from promotion_redemption where code = p.code and state = 'redeemed') as redeemed
  from promotion p`;

function toRecord(row: PromotionRow): PromotionRecord {
  return {
    code: row.code,
    basisPoints: row.basis_points,
    amounts: row.amounts.map(({ currency, minor }) => ({ currency, minor: BigInt(minor) })),
    productIds: row.product_ids,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    endedAt: row.ended_at,
    maxRedemptions: row.max_redemptions,
    maxPerPerson: row.max_per_person,
    note: row.note,
    createdAt: row.created_at,
    reserved: row.reserved,
    redeemed: row.redeemed,
  };
}

/** Keeps a new promotion. Returns false when one of that code exists. */
export async function insertPromotion(
  tx: Tx,
  promotion: Omit<PromotionRecord, 'endedAt' | 'reserved' | 'redeemed'> & { createdBy: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into promotion (code, basis_points, product_ids, starts_at, ends_at, max_redemptions, max_per_person, note,
       created_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      promotion.code,
      promotion.basisPoints,
      promotion.productIds,
      promotion.startsAt,
      promotion.endsAt,
      promotion.maxRedemptions,
      promotion.maxPerPerson,
      promotion.note,
      promotion.createdAt,
      promotion.createdBy,
    ],
  );
  if (rowCount === 0) return false;
  for (const { currency, minor } of promotion.amounts) {
    await tx.query('insert into promotion_amount (code, currency, amount_minor) values ($1, $2, $3)', [
      promotion.code,
      currency,
      minor,
    ]);
  }
  return true;
}

/** All promotions, newest first. */
export async function listPromotions(db: Queryable, limit: number): Promise<PromotionRecord[]> {
  const { rows } = await db.query<PromotionRow>(`${promotionSql} order by created_at desc, code limit $1`, [limit]);
  return rows.map(toRecord);
}

/** Reads one promotion; null where there is none. */
export async function findPromotion(db: Queryable, code: string): Promise<PromotionRecord | null> {
  const { rows } = await db.query<PromotionRow>(`${promotionSql} where code = $1`, [code]);
  return rows[0] ? toRecord(rows[0]) : null;
}

/** Stops a promotion: no new order takes it. Orders that hold it keep it. One that was stopped stays so. */
export async function stopPromotion(tx: Tx, code: string, now: Date): Promise<void> {
  await tx.query('update promotion set ended_at = $2 where code = $1 and ended_at is null', [code, now]);
}

/** One answer for every reason, so that nobody learns which codes exist. */
function unavailable(code: string): CodedError {
  return new CodedError('promotion.unavailable', `promotion ${code} can't be used`);
}

/**
 * What a code takes off, as far as it can be said before an order is placed. Throws `promotion.unavailable` when there is no such code, when
 * it is not running at `at`, is used up, or `memberId` (null for who is not known yet) has used it as often as a person may.
 */
export async function readUsablePromotion(
  db: Queryable,
  code: string,
  { memberId, at }: { memberId: string | null; at: Date },
): Promise<Promotion> {
  const { rows } = await db.query<PromotionRow>(
    `${promotionSql} where code = $1 and starts_at <= $2 and (ends_at is null or ends_at > $2) and ended_at is null
       and (max_redemptions is null or taken < max_redemptions)
       and ($3::text is null or max_per_person is null or max_per_person >
         (select count(*) from promotion_redemption r where r.code = p.code and r.member_id = $3 and r.state <> 'released'))`,
    [code, at, memberId],
  );
  const found = rows[0] && toRecord(rows[0]);
  if (!found) throw unavailable(code);
  const { basisPoints, productIds } = found;
  const amounts = Object.fromEntries(found.amounts.map(({ currency, minor }) => [currency, minor]));
  return { code, off: basisPoints === null ? { minor: amounts } : { basisPoints }, productIds };
}

/**
 * Takes one redemption of a promotion for a new order. Call it last in the transaction that places the order: the promotion's row is locked
 * until the commit, after the order and the member as everywhere, so that the last redemption is had once and no two wait for each other.
 * `at` is when the buyer was told the price: a quote outlives the planned end, but neither a stop nor the last redemption. Throws
 * `promotion.unavailable`.
 */
export async function reservePromotion(
  tx: Tx,
  { code, orderId, memberId, at }: { code: string; orderId: string; memberId: string; at: Date },
  now: Date,
): Promise<void> {
  const taken = await tx.query<{ max_per_person: number | null }>(
    `update promotion set taken = taken + 1
     where code = $1 and starts_at <= $3 and (ends_at is null or ends_at > $2) and ended_at is null
       and (max_redemptions is null or taken < max_redemptions)
     returning max_per_person`,
    [code, at, now],
  );
  const promotion = taken.rows[0];
  if (!promotion) throw unavailable(code);
  // Counted under the promotion's lock: a second order of the same person waits for it, and then sees this one.
  const { rows } = await tx.query<{ held: number }>(
    `select count(*)::integer as held from promotion_redemption where member_id = $1 and code = $2 and state <> 'released'`,
    [memberId, code],
  );
  const held = rows[0]?.held ?? 0;
  if (promotion.max_per_person !== null && held >= promotion.max_per_person) throw unavailable(code);
  await tx.query(
    `insert into promotion_redemption (order_id, code, member_id, state, reserved_at) values ($1, $2, $3, 'reserved', $4)`,
    [orderId, code, memberId, now],
  );
}

/** Notes that an order which holds a promotion has been paid. Does nothing for any other order. */
export async function redeemPromotion(tx: Tx, orderId: string, now: Date): Promise<void> {
  await tx.query(
    `update promotion_redemption set state = 'redeemed', settled_at = $2 where order_id = $1 and state = 'reserved'`,
    [orderId, now],
  );
}

/** Gives back what an order took of a promotion, once. Does nothing for an order that holds none. Call it after the order and the member are locked. */
export async function releasePromotion(tx: Tx, orderId: string, now: Date): Promise<void> {
  await tx.query(
    `with released as (
       update promotion_redemption set state = 'released', settled_at = $2 where order_id = $1 and state <> 'released' returning code)
     update promotion set taken = taken - 1 from released where promotion.code = released.code`,
    [orderId, now],
  );
}
