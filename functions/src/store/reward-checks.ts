import type { Queryable } from '../platform/db.ts';

/** A place where the rows of rewards and the ledger say different things. Amounts in wei. */
export interface MisstatedReward {
  /** An account of the ledger, or a reward whose uses don't add up to what it says is in use. */
  subject: string;
  /** What the rows of rewards and their uses say. */
  expected: bigint;
  found: bigint;
}

/** What a member has, by the account that holds it. */
const accountsOfMembers = `
  select member_id, 'rewards_pending' as purpose, sum(amount_wei - reversed_wei) as wei from reward where state = 'pending' group by member_id
  union all select member_id, 'rewards_vested', sum(free_wei) from reward group by member_id
  union all select member_id, 'rewards_reserved', sum(amount_wei) from reward_use where state = 'held' group by member_id
  union all select member_id, 'reward_set_off', sum(wei) from (
      select member_id, noted_wei as wei from reward
      union all select member_id, -amount_wei from reward_use where kind = 'set_off') as note group by member_id`;

/** What has left members' accounts, and what was promised and not taken back, by the account of the platform. */
const accountsOfPlatform = `
  select 'rewards_paid' as purpose, sum(amount_wei - returned_wei) as wei from reward_use where kind = 'payout' and state = 'final'
  union all select 'rewards_spent', sum(amount_wei - returned_wei) from reward_use where kind = 'credit' and state = 'final'
  union all select 'reward_set_off', (select coalesce(sum(amount_wei), 0) from reward_use where kind = 'set_off') - sum(noted_wei) from reward
  union all select 'reward_issuance', (select coalesce(sum(amount_wei), 0) from reward_use where kind in ('set_off', 'lapse'))
      + sum(reversed_wei - noted_wei) - sum(amount_wei) from reward`;

/**
 * Compares the rows of rewards with the accounts of the ledger, and the uses of each reward with what it says is in use, in one statement:
 * what moves meanwhile is seen before or after, never between. By subject, at most `limit`, after `after`.
 */
export async function readMisstatedRewards(db: Queryable, after: string, limit: number): Promise<MisstatedReward[]> {
  const { rows } = await db.query<MisstatedReward>(
    `with stated as (
       select 'member/' || member_id || '/' || purpose || '/DOTM' as subject, wei from (${accountsOfMembers}) as m where wei <> 0),
     held as (
       select code::text as subject, balance as wei from ledger.accounts
       where code like 'member/%/reward%/DOTM' and kind = 'strict' and balance <> 0),
     compared as (
       select subject, coalesce(stated.wei, 0) as expected, coalesce(held.wei, 0) as found from stated full join held using (subject)
       union all
       select 'platform/' || purpose || '/DOTM', coalesce(wei, 0), ledger.balance('platform/' || purpose || '/DOTM')
       from (${accountsOfPlatform}) as p
       union all
       select r.id, coalesce(u.wei, 0), r.used_wei from reward r left join (
         select reward_id, sum(amount_wei - returned_wei) as wei from reward_use group by reward_id) as u on u.reward_id = r.id)
     select subject, expected::numeric(38, 0) as expected, found::numeric(38, 0) as found from compared
     where expected <> found and subject > $1 collate "C" order by subject collate "C" limit $2`,
    [after, limit],
  );
  return rows;
}
