import type { Posting } from '../domain/ledger/posting.ts';
import { rewardLeftOut, rewardReleased, rewardSent } from '../domain/ledger/templates.ts';
import type { RewardShare } from '../domain/ledger/reward-templates.ts';
import type { Tx } from '../platform/db.ts';
import { minor } from '../shared/money.ts';
import { post } from './ledger.ts';
import { touchMembers } from './members.ts';
import { lockHolders } from './reward-holders.ts';
import { payOffNotes } from './reward-notes.ts';
import { giveBack, takeOldest, type UsedPart } from './reward-uses.ts';

// The uses of rewards that are payouts: a batch goes to chain for many members at once, with one posting for each step.

/**
 * Sets what a batch pays aside, out of each member's oldest free tokens; each member once. Safe to repeat: a batch that has held before
 * changes nothing. Throws `reward.insufficient` when a member has less free than that, and Error when the batch held something else.
 */
export async function holdForBatch(tx: Tx, batchId: bigint, shares: readonly RewardShare[], now: Date): Promise<void> {
  await lockHolders(tx, memberIdsOf(shares));
  const { rows } = await tx.query<{ member_id: string; wei: bigint }>(
    `select member_id, sum(amount_wei)::numeric(38, 0) as wei from reward_use where batch_id = $1 and kind = 'payout' group by member_id`,
    [batchId],
  );
  if (rows.length > 0) {
    const held = new Map(rows.map((row) => [row.member_id, row.wei]));
    const same = held.size === shares.length && shares.every(({ memberId, amount }) => held.get(memberId) === amount);
    if (!same) throw new Error(`batch ${String(batchId)} has held other amounts before`);
    return;
  }
  await takeOldest(tx, { batchId }, shares, now);
  await touchMembers(tx, memberIdsOf(shares), now);
}

/** The batch stands in a block that stays: what it holds is paid. Safe to repeat. Gives what each member was paid by this call. */
export async function settleBatch(tx: Tx, batchId: bigint, now: Date): Promise<RewardShare[]> {
  await lockHolders(tx, await holdersOf(tx, batchId));
  const { rows } = await tx.query<Part>(
    `update reward_use set state = 'final', settled_at = $2 where batch_id = $1 and kind = 'payout' and state = 'held'
     returning reward_id, member_id, amount_wei`,
    [batchId, now],
  );
  const shares = toShares(rows);
  if (shares.length === 0) return [];
  await post(tx, rewardSent(batchId, shares, now));
  await touchMembers(tx, memberIdsOf(shares), now);
  return shares;
}

/** The batch is given up and can never be paid: what it holds is free again. Safe to repeat. Gives what each member got back by this call. */
export async function releaseBatch(tx: Tx, batchId: bigint, now: Date): Promise<RewardShare[]> {
  const members = await holdersOf(tx, batchId);
  return letGo(tx, batchId, members, now, (shares) => [rewardReleased({ batchId }, shares, now)]);
}

/**
 * Some members are taken out of a batch that was never signed: what it holds for them is free again, and what it holds for the others stays.
 * Safe to repeat. Gives what each of them got back by this call.
 */
export async function leaveOutOfBatch(
  tx: Tx,
  batchId: bigint,
  memberIds: readonly string[],
  now: Date,
): Promise<RewardShare[]> {
  return letGo(tx, batchId, memberIds, now, (shares) => shares.map((share) => rewardLeftOut(batchId, share, now)));
}

/** Frees what a batch holds for some members, books it as `postingsOf` says, and has it pay off their notes. */
async function letGo(
  tx: Tx,
  batchId: bigint,
  memberIds: readonly string[],
  now: Date,
  postingsOf: (shares: readonly RewardShare[]) => Posting[],
): Promise<RewardShare[]> {
  await lockHolders(tx, memberIds);
  const { rows } = await tx.query<Part>(
    `update reward_use set state = 'final', settled_at = $3, returned_wei = amount_wei
     where batch_id = $1 and kind = 'payout' and state = 'held' and member_id = any($2) returning reward_id, member_id, amount_wei`,
    [batchId, memberIds, now],
  );
  const shares = toShares(rows);
  if (shares.length === 0) return [];
  await giveBack(tx, rows);
  for (const posting of postingsOf(shares)) await post(tx, posting);
  for (const { memberId } of shares) await payOffNotes(tx, memberId, now);
  await touchMembers(tx, memberIdsOf(shares), now);
  return shares;
}

function memberIdsOf(shares: readonly RewardShare[]): string[] {
  return shares.map(({ memberId }) => memberId);
}

type Part = UsedPart & { member_id: string };

/** Members for whom a batch holds something. */
async function holdersOf(tx: Tx, batchId: bigint): Promise<string[]> {
  const { rows } = await tx.query<{ member_id: string }>(
    `select distinct member_id from reward_use where batch_id = $1 and kind = 'payout' and state = 'held'`,
    [batchId],
  );
  return rows.map((row) => row.member_id);
}

function toShares(parts: readonly Part[]): RewardShare[] {
  const sums = new Map<string, bigint>();
  for (const { member_id, amount_wei } of parts) sums.set(member_id, (sums.get(member_id) ?? 0n) + amount_wei);
  return [...sums].map(([memberId, wei]) => ({ memberId, amount: minor('DOTM', wei) }));
}
