import { toMoney, type Money } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import { readTotals, viewReward } from './reward-views.ts';
import { toReward, type RewardRow } from './rewards.ts';

interface UseRow {
  amount_wei: bigint;
  returned_wei: bigint;
}

/** All that we hold about a member's rewards: every reward and what became of it, however many there are. The hash of the person stays with us. */
export async function exportRewards(db: Queryable, memberId: string): Promise<object> {
  const { rows } = await db.query<RewardRow>('select * from reward where member_id = $1 order by id', [memberId]);
  const { rows: uses } = await db.query<UseRow>(
    `select id, reward_id, kind, batch_id::text as batch_id, order_id, state, amount_wei, returned_wei, made_at, settled_at
     from reward_use where member_id = $1 order by id`,
    [memberId],
  );
  const { rows: grants } = await db.query<object>(
    'select kind, reward_id, granted_at from reward_grant where member_id = $1 order by kind',
    [memberId],
  );
  return {
    ...(await readTotals(db, memberId)),
    rewards: rows.map((row) => viewReward(toReward(row))),
    uses: uses.map(withAmounts),
    oncePerPerson: grants,
  };
}

function withAmounts({ amount_wei, returned_wei, ...use }: UseRow): object & { amount: Money; returned: Money } {
  return { ...use, amount: toMoney('DOTM', amount_wei), returned: toMoney('DOTM', returned_wei) };
}
