import type { Queryable, Tx } from '../platform/db.ts';
import type { Id } from '../shared/ids.ts';
import type { Currency } from '../shared/money.ts';
import type { RewardKind } from './rewards.ts';

export type OneOffKind = Exclude<RewardKind, 'purchase'>;

/** Any fixed number of our own: who counts grants in order to add one takes this lock of the transaction first. */
const GRANT_LOCK = 4_177_001;

const grants = 'reward_grant g join reward r on r.id = g.reward_id';

/**
 * The reward was taken back when some of it was in use already. Its note is the account's, so the account may have it again, and pay off the
 * note with it. The person may not have it under another account, which knows of no note.
 */
const isOwed = `(r.state = 'reversed' and r.noted_wei > 0)`;

/** Says whether an account has the one-off reward. Whether the person has it under another account is for `hasGrant` to say. */
export async function accountHas(db: Queryable, memberId: string, kind: OneOffKind): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from ${grants} where g.member_id = $1 and g.kind = $2 and not ${isOwed}`,
    [memberId, kind],
  );
  return rowCount !== 0;
}

/** How many people have the one-off reward of this kind. */
export async function countGrants(db: Queryable, kind: OneOffKind): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>(
    `select count(*) as count from ${grants} where g.kind = $1 and not ${isOwed}`,
    [kind],
  );
  return Number(rows[0]?.count ?? 0n);
}

/** Makes whoever counts grants in order to add one wait until this transaction has ended. Take it after the member's lock. */
export async function lockGrants(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [GRANT_LOCK]);
}

/** Says whether this person, or this account, has had the one-off reward, so that the account may not have it (again). */
export async function hasGrant(
  db: Queryable,
  grant: { kind: OneOffKind; person: string; memberId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from ${grants} where g.kind = $1 and (g.person = $2 or g.member_id = $3) and not (g.member_id = $3 and ${isOwed})`,
    [grant.kind, grant.person, grant.memberId],
  );
  return rowCount !== 0;
}

/**
 * Notes that a person has the one-off reward, which the caller has seen to be free under `lockGrants`, in the place of one that was taken
 * back from the account.
 */
export async function insertGrant(
  tx: Tx,
  grant: { kind: OneOffKind; person: string; memberId: string; rewardId: string },
  now: Date,
): Promise<void> {
  await tx.query('delete from reward_grant where kind = $1 and member_id = $2', [grant.kind, grant.memberId]);
  await tx.query(
    `insert into reward_grant (kind, person, member_id, reward_id, granted_at) values ($1, $2, $3, $4, $5)`,
    [grant.kind, grant.person, grant.memberId, grant.rewardId, now],
  );
}

/** A one-off reward came back in full, none of it was in use: the person may have it again, under any account. */
export async function giveBackGrant(tx: Tx, rewardId: string): Promise<void> {
  await tx.query('delete from reward_grant where reward_id = $1', [rewardId]);
}

/** An order that brings a one-off reward: whose whole refund takes it back. */
export interface BringingOrder {
  id: Id<'order'>;
  memberId: Id<'member'>;
  currency: Currency;
}

interface OrderRow {
  id: Id<'order'>;
  member_id: Id<'member'>;
  currency: Currency;
}

const brings = (kind: OneOffKind) => `not exists (select from reward b where b.order_id = o.id and b.kind = '${kind}')`;

/** The member's first order that was delivered, cost money, and has not been refunded in full; null without one. */
export async function findFirstPaidOrder(db: Queryable, memberId: string): Promise<BringingOrder | null> {
  const { rows } = await db.query<OrderRow>(
    `select o.id, o.member_id, o.currency from orders o
     where o.member_id = $1 and o.settled and o.total_minor > 0 and o.refunded_minor < o.total_minor and ${brings('founding_member')}
     order by o.id limit 1`,
    [memberId],
  );
  return toBringing(rows[0]);
}

/** The order of the member's first purchase whose reward has vested, with something left of it; null without one. */
export async function findFirstVestedOrder(db: Queryable, memberId: string): Promise<BringingOrder | null> {
  const { rows } = await db.query<OrderRow>(
    `select o.id, o.member_id, o.currency from reward r join orders o on o.id = r.order_id
     where r.member_id = $1 and r.kind = 'purchase' and r.state = 'vested' and r.amount_wei > r.reversed_wei
       and o.refunded_minor < o.total_minor and ${brings('new_member')}
     order by r.vested_at, r.id limit 1`,
    [memberId],
  );
  return toBringing(rows[0]);
}

function toBringing(row: OrderRow | undefined): BringingOrder | null {
  return row ? { id: row.id, memberId: row.member_id, currency: row.currency } : null;
}
