import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { listMovements } from '../../store/reward-history.ts';

const pageSize = 30;

/** What has moved the caller's tokens, newest first: the ledger and the chain in one history. */
export const listRewardMovements: Handler<'listRewardMovements'> = async ({ services, identity }, { cursor }) => {
  const { db, clock, policy } = services;
  const member = await currentMember(db, identity, clock.now());
  const before = cursor === undefined ? null : BigInt(cursor.slice('tfr_'.length));
  const explorerUrl = policy.chain?.explorerUrl ?? '';
  const found = await listMovements(db, member.id, { limit: pageSize + 1, before, explorerUrl });
  const movements = found.slice(0, pageSize).map(({ movement }) => movement);
  return { movements, nextCursor: found.length > pageSize ? (movements.at(-1)?.id ?? null) : null };
};
