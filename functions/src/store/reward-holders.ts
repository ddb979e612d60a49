import type { Queryable, Tx } from '../platform/db.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { minor, type Amount } from '../shared/money.ts';

/** A member as the owner of rewards. */
export interface RewardHolder {
  memberId: Id<'member'>;
  /** The verified address, null where there is none. */
  verifiedEmail: string | null;
  /** An erased account earns nothing more, and what comes back to it lapses. */
  erased: boolean;
}

interface HolderRow {
  id: Id<'member'>;
  email: string | null;
  email_verified: boolean;
  erased_at: Date | null;
}

function toHolder(row: HolderRow): RewardHolder {
  return {
    memberId: row.id,
    verifiedEmail: row.email_verified ? row.email : null,
    erased: row.erased_at !== null,
  };
}

/**
 * Takes the lock under which everything moves that a member has in rewards: accrual, vesting, uses, what comes back, notes. Orders and
 * lines are locked before it, rewards and accounts of the ledger after it. It is the member's row, not for its key: who only refers to
 * the member does not wait. Throws `not_found`.
 */
export async function lockHolder(tx: Tx, memberId: string): Promise<RewardHolder> {
  const [holder] = await lockHolders(tx, [memberId]);
  if (!holder) throw new CodedError('not_found', `no member ${memberId}`);
  return holder;
}

/** As `lockHolder` for several members, in the order of their ids, so that two batches never wait for each other. */
export async function lockHolders(tx: Tx, memberIds: readonly string[]): Promise<RewardHolder[]> {
  const { rows } = await tx.query<HolderRow>(
    'select id, email, email_verified, erased_at from member where id = any($1) order by id for no key update',
    [memberIds],
  );
  return rows.map(toHolder);
}

/** As `lockHolder`, but null when somebody else holds the lock: what is due is done by them, or by the next sweep. */
export async function tryLockHolder(tx: Tx, memberId: string): Promise<RewardHolder | null> {
  const { rows } = await tx.query<HolderRow>(
    'select id, email, email_verified, erased_at from member where id = $1 for no key update skip locked',
    [memberId],
  );
  return rows[0] ? toHolder(rows[0]) : null;
}

/** What a member may use today, in wei: vested, neither reserved nor paid nor spent nor taken back. */
export async function freeOf(db: Queryable, memberId: string): Promise<Amount<'DOTM'>> {
  const { rows } = await db.query<{ free: bigint }>(
    'select coalesce(sum(free_wei), 0)::numeric(38, 0) as free from reward where member_id = $1 and free_wei > 0',
    [memberId],
  );
  return minor('DOTM', rows[0]?.free ?? 0n);
}
