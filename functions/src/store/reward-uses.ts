import {
  creditReturned,
  rewardReleased,
  rewardReserved,
  rewardSpent,
  type RewardPurpose,
  type RewardShare,
} from '../domain/ledger/reward-templates.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { CodedError } from '../shared/errors.ts';
import { minor, type Amount } from '../shared/money.ts';
import { post } from './ledger.ts';
import { touchMember } from './members.ts';
import { lockHolder } from './reward-holders.ts';
import { payOffNotes } from './reward-notes.ts';

export { freeOf } from './reward-holders.ts';

/** The credit of an order by what became of it, in wei. All of them together are what was held. */
export interface OrderCredit {
  memberId: string;
  held: Amount<'DOTM'>;
  /** Spent, less what came back with refunds. */
  spent: Amount<'DOTM'>;
  /** Let go unpaid, or come back with refunds. */
  returned: Amount<'DOTM'>;
}

/** Reads what an order holds or has spent of its member's tokens; null where it has none. */
export async function readOrderCredit(tx: Pick<Tx, 'query'>, orderId: string): Promise<OrderCredit | null> {
  const { rows } = await tx.query<{ member_id: string; held: bigint; spent: bigint; returned: bigint }>(
    `select member_id, coalesce(sum(amount_wei) filter (where state = 'held'), 0)::numeric(38, 0) as held,
       coalesce(sum(amount_wei - returned_wei) filter (where state = 'final'), 0)::numeric(38, 0) as spent,
       sum(returned_wei)::numeric(38, 0) as returned
     from reward_use where order_id = $1 and kind = 'credit' group by member_id`,
    [orderId],
  );
  const [row] = rows;
  if (!row) return null;
  const { member_id: memberId, held, spent, returned } = row;
  return { memberId, held: minor('DOTM', held), spent: minor('DOTM', spent), returned: minor('DOTM', returned) };
}

/**
 * Sets `amount` (above zero) of the member's free tokens aside for an order, the oldest first. Safe to repeat: an order that has held
 * before, whatever became of it, changes nothing. Throws `reward.insufficient` when the member has less than that, and Error when the order has
 * held another amount.
 */
export async function holdForOrder(
  tx: Tx,
  memberId: string,
  orderId: string,
  amount: Amount<'DOTM'>,
  now: Date,
): Promise<void> {
  await lockHolder(tx, memberId);
  const before = await readOrderCredit(tx, orderId);
  if (before) {
    const held = before.held + before.spent + before.returned;
    if (held !== amount) throw new Error(`${orderId} has held ${String(held)} wei, not ${String(amount)}`);
    return;
  }
  await takeOldest(tx, { orderId }, [{ memberId, amount }], now);
  await touchMember(tx, memberId, now);
}

/** The order is paid: what it holds is spent. Safe to repeat, and nothing where nothing is held. Gives what was spent by this call. */
export async function settleHold(tx: Tx, orderId: string, now: Date): Promise<Amount<'DOTM'>> {
  const memberId = await lockHolderOf(tx, orderId);
  if (memberId === null) return minor('DOTM', 0n);
  const { rows } = await tx.query<{ amount_wei: bigint }>(
    `update reward_use set state = 'final', settled_at = $2 where order_id = $1 and kind = 'credit' and state = 'held'
     returning amount_wei`,
    [orderId, now],
  );
  const amount = minor('DOTM', sumOf(rows));
  if (amount === 0n) return amount;
  await post(tx, rewardSpent(orderId, { memberId, amount }, now));
  await touchMember(tx, memberId, now);
  return amount;
}

/** The order was not paid: what it holds is free again. Safe to repeat, and nothing where nothing is held. Gives what was let go by this call. */
export async function releaseHold(tx: Tx, orderId: string, now: Date): Promise<Amount<'DOTM'>> {
  const memberId = await lockHolderOf(tx, orderId);
  if (memberId === null) return minor('DOTM', 0n);
  const { rows } = await tx.query<UsedPart>(
    `update reward_use set state = 'final', settled_at = $2, returned_wei = amount_wei
     where order_id = $1 and kind = 'credit' and state = 'held' returning reward_id, amount_wei`,
    [orderId, now],
  );
  const amount = minor('DOTM', sumOf(rows));
  if (amount === 0n) return amount;
  await giveBack(tx, rows);
  await post(tx, rewardReleased({ orderId }, [{ memberId, amount }], now));
  await payOffNotes(tx, memberId, now);
  await touchMember(tx, memberId, now);
  return amount;
}

/**
 * A refund gives spent credit back, as free tokens. `totalReturned` is all that is to have come back for the order by now, not the step:
 * so three thirds give the whole, and each step happens once. What was taken last comes back first. Throws RangeError when the order has
 * spent less than that, or still holds it.
 */
export async function returnCredit(
  tx: Tx,
  orderId: string,
  totalReturned: Amount<'DOTM'>,
  now: Date,
): Promise<Amount<'DOTM'>> {
  const memberId = await lockHolderOf(tx, orderId);
  const credit = await readOrderCredit(tx, orderId);
  if (totalReturned === 0n) return totalReturned;
  if (memberId === null || credit === null || credit.spent + credit.returned < totalReturned) {
    throw new RangeError(`${orderId} has not spent ${String(totalReturned)} wei`);
  }
  const amount = minor('DOTM', totalReturned - credit.returned);
  if (amount <= 0n) return minor('DOTM', 0n);
  const { rows } = await tx.query<{ id: string; reward_id: string; left_wei: bigint }>(
    `select u.id, u.reward_id, u.amount_wei - u.returned_wei as left_wei from reward_use u join reward r on r.id = u.reward_id
     where u.order_id = $1 and u.kind = 'credit' and u.returned_wei < u.amount_wei order by r.vested_at desc, r.id desc`,
    [orderId],
  );
  let open: bigint = amount;
  const parts: (UsedPart & { id: string })[] = [];
  for (const { id, reward_id, left_wei } of rows) {
    const part = left_wei < open ? left_wei : open;
    if (part > 0n) parts.push({ id, reward_id, amount_wei: part });
    open -= part;
  }
  await tx.query(
    `update reward_use u set returned_wei = u.returned_wei + part.wei
     from unnest($1::text[], $2::numeric[]) as part (id, wei) where u.id = part.id`,
    [parts.map(({ id }) => id), parts.map(({ amount_wei }) => String(amount_wei))],
  );
  await giveBack(tx, parts);
  await post(tx, creditReturned({ orderId, memberId, amount, total: totalReturned, at: now }));
  await payOffNotes(tx, memberId, now);
  await touchMember(tx, memberId, now);
  return amount;
}

/** So much of a reward, in a use or out of it. */
export interface UsedPart {
  reward_id: string;
  amount_wei: bigint;
}

/** Adds up what parts of rewards there are. */
export function sumOf(parts: readonly { amount_wei: bigint }[]): bigint {
  return parts.reduce((sum, part) => sum + part.amount_wei, 0n);
}

/** Takes the lock of the member whose tokens an order holds or has spent; null where it has none. */
async function lockHolderOf(tx: Tx, orderId: string): Promise<string | null> {
  const credit = await readOrderCredit(tx, orderId);
  if (!credit) return null;
  await lockHolder(tx, credit.memberId);
  return credit.memberId;
}

/**
 * Sets the share of each member (locked by the caller, each once) aside for `purpose`: the oldest vested tokens first, the last reward in
 * part, with the posting. Throws `reward.insufficient` when a member has less free than the share.
 */
export async function takeOldest(
  tx: Tx,
  purpose: RewardPurpose,
  shares: readonly RewardShare[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: string; member_id: string; free_wei: bigint }>(
    `select id, member_id, free_wei from reward where member_id = any($1) and free_wei > 0 order by member_id, vested_at, id`,
    [shares.map(({ memberId }) => memberId)],
  );
  const free = Map.groupBy(rows, (row) => row.member_id);
  const parts: (UsedPart & { member_id: string })[] = [];
  for (const { memberId, amount } of shares) {
    let open: bigint = amount;
    for (const { id, free_wei } of free.get(memberId) ?? []) {
      const part = free_wei < open ? free_wei : open;
      if (part > 0n) parts.push({ reward_id: id, member_id: memberId, amount_wei: part });
      open -= part;
    }
    if (open > 0n) {
      throw new CodedError('reward.insufficient', `${memberId} lacks ${String(open)} of ${String(amount)} wei`);
    }
  }
  const isBatch = 'batchId' in purpose;
  await tx.query(
    `insert into reward_use (id, reward_id, member_id, kind, batch_id, order_id, amount_wei, state, made_at)
     select part.id, part.reward_id, part.member_id, $5, $6, $7, part.wei, 'held', $8
     from unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) as part (id, reward_id, member_id, wei)`,
    [
      parts.map(() => newId('rewardUse', now)),
      parts.map(({ reward_id }) => reward_id),
      parts.map(({ member_id }) => member_id),
      parts.map(({ amount_wei }) => String(amount_wei)),
      isBatch ? 'payout' : 'credit',
      isBatch ? purpose.batchId : null,
      isBatch ? null : purpose.orderId,
      now,
    ],
  );
  await changeUsed(tx, parts, 1n);
  await post(tx, rewardReserved(purpose, shares, now));
}

/** Makes parts of rewards free again that a use had taken. The caller changes the uses and posts. */
export async function giveBack(tx: Tx, parts: readonly UsedPart[]): Promise<void> {
  await changeUsed(tx, parts, -1n);
}

async function changeUsed(tx: Tx, parts: readonly UsedPart[], sign: 1n | -1n): Promise<void> {
  await tx.query(
    `update reward r set used_wei = r.used_wei + part.wei
     from unnest($1::text[], $2::numeric[]) as part (id, wei) where r.id = part.id`,
    [parts.map(({ reward_id }) => reward_id), parts.map(({ amount_wei }) => String(sign * amount_wei))],
  );
}
