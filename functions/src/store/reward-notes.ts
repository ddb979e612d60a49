import { rewardSetOff as setOffAccount } from '../domain/ledger/accounts.ts';
import { rewardLapsed, rewardSetOff } from '../domain/ledger/templates.ts';
import type { Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { minor, type Amount } from '../shared/money.ts';
import { balanceOf, post } from './ledger.ts';
import { lockHolder } from './reward-holders.ts';

interface FreeReward {
  id: string;
  free: bigint;
  /** All of its uses of the kind in question, before this one. */
  before: bigint;
}

/**
 * Pays off the member's note, where there is one, with free tokens, the oldest first. Call it wherever vested tokens may have risen or a
 * note was made, so that nobody has both. What came back to an erased account lapses instead. Safe to repeat.
 */
export async function payOffNotes(tx: Tx, memberId: string, now: Date): Promise<void> {
  const holder = await lockHolder(tx, memberId);
  if (holder.erased) return lapseRewards(tx, memberId, now);
  let note = await balanceOf(tx, setOffAccount(memberId));
  if (note === 0n) return;
  for (const { id: rewardId, free, before } of await readFree(tx, memberId, 'set_off')) {
    if (note === 0n) return;
    const amount = minor('DOTM', free < note ? free : note);
    await useUp(tx, { rewardId, memberId, kind: 'set_off', amount }, now);
    await post(tx, rewardSetOff({ rewardId, memberId, amount, total: minor('DOTM', before + amount), at: now }));
    note -= amount;
  }
}

/**
 * Takes back what an erased account still has, pending or free: nobody can claim it any more. What is on its way to a wallet arrives
 * there. Safe to repeat.
 */
export async function lapseRewards(tx: Tx, memberId: string, now: Date): Promise<void> {
  await lockHolder(tx, memberId);
  const { rows: pending } = await tx.query<{ id: string; amount_wei: bigint; lapsed: bigint }>(
    `select id, amount_wei, amount_wei - reversed_wei as lapsed from reward where member_id = $1 and state = 'pending' order by id`,
    [memberId],
  );
  for (const { id: rewardId, amount_wei: total, lapsed } of pending) {
    await tx.query(`update reward set reversed_wei = amount_wei, state = 'reversed' where id = $1`, [rewardId]);
    if (lapsed === 0n) continue;
    const amount = minor('DOTM', lapsed);
    const parts = { rewardId, memberId, amount, total: minor('DOTM', total), fromVested: false, at: now };
    await post(tx, rewardLapsed(parts));
  }
  for (const { id: rewardId, free, before } of await readFree(tx, memberId, 'lapse')) {
    const amount = minor('DOTM', free);
    await useUp(tx, { rewardId, memberId, kind: 'lapse', amount }, now);
    const total = minor('DOTM', before + free);
    await post(tx, rewardLapsed({ rewardId, memberId, amount, total, fromVested: true, at: now }));
  }
}

async function readFree(tx: Tx, memberId: string, kind: 'set_off' | 'lapse'): Promise<FreeReward[]> {
  const { rows } = await tx.query<FreeReward>(
    `select r.id, r.free_wei as free, (select coalesce(sum(u.amount_wei), 0)::numeric(38, 0) from reward_use u
       where u.reward_id = r.id and u.kind = $2) as before
     from reward r where r.member_id = $1 and r.free_wei > 0 order by r.vested_at, r.id`,
    [memberId, kind],
  );
  return rows;
}

/** Notes a use that is final at once. */
async function useUp(
  tx: Tx,
  use: { rewardId: string; memberId: string; kind: 'set_off' | 'lapse'; amount: Amount<'DOTM'> },
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into reward_use (id, reward_id, member_id, kind, amount_wei, state, made_at, settled_at)
     values ($1, $2, $3, $4, $5, 'final', $6, $6)`,
    [newId('rewardUse', now), use.rewardId, use.memberId, use.kind, use.amount, now],
  );
  await tx.query('update reward set used_wei = used_wei + $2 where id = $1', [use.rewardId, use.amount]);
}
