import { rewardVested } from '../../domain/ledger/templates.ts';
import { raiseAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import { subtract } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import { touchMember } from '../../store/members.ts';
import { accountHas } from '../../store/reward-grants.ts';
import { tryLockHolder, type RewardHolder } from '../../store/reward-holders.ts';
import { lapseRewards, payOffNotes } from '../../store/reward-notes.ts';
import { listDueHolders, readDue, recordVesting, type Reward } from '../../store/rewards.ts';

/** Rewards that are looked up at once. Each member's vest in a transaction of their own, so that nobody waits for the others. */
const batch = 500;
/** Rounds of one sweep, some ten seconds of work: the next sweep, a minute later, takes the rest. */
const maxRounds = 4;

/**
 * Makes what is due the members' for good. Safe to repeat and to run twice at the same time: a member whom somebody else holds is left to
 * them, or to the next sweep. A member whose rewards can't vest is told to operators and keeps nobody else from theirs. Gives how many
 * rewards vested.
 */
export async function vestRewards(services: Services): Promise<number> {
  const { db, clock } = services;
  let vested = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const before = vested;
    const due = await listDueHolders(db, clock.now(), batch);
    for (const memberId of due) vested += await vestOf(services, memberId);
    // Nothing is left, or what is left is stuck.
    if (vested === before) break;
  }
  return vested;
}

async function vestOf(services: Services, memberId: string): Promise<number> {
  const { db, clock } = services;
  const now = clock.now();
  try {
    return await db.transaction((tx) => vestDue(tx, memberId, now));
  } catch (error) {
    const message = `rewards of ${memberId} can't vest: ${error instanceof Error ? error.message : String(error)}. Call an engineer; the next sweep tries again.`;
    await raiseAlert(db, { kind: 'reward_stuck', subject: memberId, message }, now);
    return 0;
  }
}

/** Vests what is due of one member, pays off their note, and has a new member's reward looked into. */
async function vestDue(tx: Tx, memberId: string, now: Date): Promise<number> {
  const holder = await tryLockHolder(tx, memberId);
  if (!holder) return 0;
  const due = await readDue(tx, memberId, now);
  if (due.length === 0) return 0;
  if (holder.erased) {
    await lapseRewards(tx, memberId, now);
    return due.length;
  }
  for (const reward of due) {
    const amount = subtract(reward.amount, reward.reversed);
    // Nothing is left of one that the daily cap took whole.
    if (amount > 0n) await post(tx, rewardVested({ rewardId: reward.id, memberId, amount, at: now }));
  }
  await recordVesting(
    tx,
    due.map(({ id }) => id),
    now,
  );
  await payOffNotes(tx, memberId, now);
  await offerNewMember(tx, holder, due, now);
  await touchMember(tx, memberId, now);
  return due.length;
}

async function offerNewMember(tx: Tx, holder: RewardHolder, due: readonly Reward[], now: Date): Promise<void> {
  const first = due.find(({ kind, amount, reversed }) => kind === 'purchase' && amount > reversed);
  // Verified later, it is looked into then.
  if (!first || holder.verifiedEmail === null) return;
  if (await accountHas(tx, holder.memberId, 'new_member')) return;
  const payload = { memberId: holder.memberId };
  await addJob(tx, { queue: 'projection', topic: 'reward.one_offs', key: first.id, payload }, now);
}
