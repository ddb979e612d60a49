import { rewardSetOff } from '../domain/ledger/accounts.ts';
import { weiPerMicro } from '../domain/rewards/payout-batches.ts';
import type { Queryable, Tx } from '../platform/db.ts';

// Who is paid in a run: members with free tokens and a wallet that is usable now. Their rewards stay locked by the member's row
// (store/reward-holders.ts) until the batch holds them.

/** A member who has free tokens and a wallet, as both stand now. */
export interface Payee {
  memberId: string;
  /** Null when the wallet has gone meanwhile. */
  address: string | null;
  freeWei: bigint;
  /** Tokens that were paid out for a purchase refunded later: while there is a note, nothing is paid. */
  noteWei: bigint;
}

/** Where and when a run pays. */
export interface PayeeScope {
  readonly chainId: number;
  readonly now: Date;
}

const isPayee = `m.erased_at is null and w.chain_id = $1 and w.unlinked_at is null and w.usable_from <= $2
  and (select sum(r.free_wei) from reward r where r.member_id = m.id and r.free_wei > 0) >= ${weiPerMicro}
  and not exists (select from ledger.accounts a where a.code = 'member/' || m.id || '/reward_set_off/DOTM' and a.balance > 0)`;

/**
 * Locks the next members to be paid behind `after`, in the order of their ids. Those whom somebody else has locked are passed over until
 * the next run.
 */
export async function lockNextPayees(
  tx: Tx,
  scope: PayeeScope,
  page: { after: string; limit: number },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select m.id from member m join wallet w on w.member_id = m.id where m.id > $3 and ${isPayee}
     order by m.id limit $4 for no key update of m skip locked`,
    [scope.chainId, scope.now, page.after, page.limit],
  );
  return rows.map((row) => row.id);
}

/**
 * What these members have, read anew: between looking for them and locking them, a wallet may have been unlinked or an order paid with
 * tokens. In the order of their ids.
 */
export async function readPayees(db: Queryable, scope: PayeeScope, memberIds: readonly string[]): Promise<Payee[]> {
  const { rows } = await db.query<{ id: string; address: string | null; free: bigint; note: bigint }>(
    `select m.id, w.address, coalesce(sum(r.free_wei), 0)::numeric(38, 0) as free, coalesce(max(a.balance), 0) as note
     from unnest($3::text[], $4::text[]) as asked (id, note_account)
     join member m on m.id = asked.id and m.erased_at is null
     left join wallet w on w.member_id = m.id and w.chain_id = $1 and w.unlinked_at is null and w.usable_from <= $2
     left join reward r on r.member_id = m.id and r.free_wei > 0
     left join ledger.accounts a on a.code = asked.note_account
     group by m.id, w.address order by m.id`,
    [scope.chainId, scope.now, memberIds, memberIds.map(rewardSetOff)],
  );
  return rows.map((row) => ({ memberId: row.id, address: row.address, freeWei: row.free, noteWei: row.note }));
}

/**
 * Members of a batch whose wallet is not the one any more that the batch would pay: unlinked, or changed and not yet paid to. An erased account
 * is none of them: what was on its way when it was erased arrives.
 */
export async function changedPayees(db: Queryable, scope: PayeeScope, batchId: bigint): Promise<string[]> {
  const { rows } = await db.query<{ member_id: string }>(
    `select e.member_id from distribution_entry e join member m on m.id = e.member_id and m.erased_at is null
     where e.batch_id = $3 and not exists (
       select from wallet w where w.member_id = e.member_id and w.chain_id = $1 and w.address = e.address and w.unlinked_at is null
         and w.usable_from <= $2)
     order by e.member_id`,
    [scope.chainId, scope.now, batchId],
  );
  return rows.map((row) => row.member_id);
}

/** How many members of a batch own one of these addresses: the one that the batch would pay, or a wallet of theirs from before or since. */
export async function countOwners(db: Queryable, batchId: bigint, addresses: readonly string[]): Promise<number> {
  const { rows } = await db.query<{ members: bigint }>(
    `select count(*) as members from distribution_entry e where e.batch_id = $1 and (e.address = any($2)
       or exists (select from wallet w where w.member_id = e.member_id and w.address = any($2)))`,
    [batchId, addresses],
  );
  return Number(rows[0]?.members ?? 0n);
}

/** Members with free tokens who are not paid now, by reason, and how much of theirs waits. */
export interface Waiting {
  readonly noWallet: WaitingPart;
  /** Their wallet is new and not yet paid to. */
  readonly cooling: WaitingPart;
  readonly note: WaitingPart;
  readonly belowOneMicro: WaitingPart;
}

export interface WaitingPart {
  readonly members: number;
  readonly wei: bigint;
}

/** Counts who waits and why. Reads every member with free tokens: for operators, not for each minute. */
export async function readWaiting(db: Queryable, scope: PayeeScope): Promise<Waiting> {
  const { rows } = await db.query<{ reason: keyof Waiting; members: bigint; wei: bigint }>(
    `select reason, count(*) as members, sum(free)::numeric(38, 0) as wei from (
       select holder.free, case
         when a.balance > 0 then 'note'
         when w.id is null then 'noWallet'
         when w.usable_from > $2 then 'cooling'
         when holder.free < ${weiPerMicro} then 'belowOneMicro' end as reason
       from (select member_id, sum(free_wei) as free from reward where free_wei > 0 group by member_id) as holder
       join member m on m.id = holder.member_id and m.erased_at is null
       left join wallet w on w.member_id = m.id and w.chain_id = $1 and w.unlinked_at is null
       left join ledger.accounts a on a.code = 'member/' || m.id || '/reward_set_off/DOTM'
     ) as waiting where reason is not null group by reason`,
    [scope.chainId, scope.now],
  );
  const parts = new Map(rows.map((row) => [row.reason, { members: Number(row.members), wei: row.wei }]));
  const of = (reason: keyof Waiting) => parts.get(reason) ?? { members: 0, wei: 0n };
  return { noWallet: of('noWallet'), cooling: of('cooling'), note: of('note'), belowOneMicro: of('belowOneMicro') };
}
