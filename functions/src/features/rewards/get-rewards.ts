import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { viewRewards } from '../../store/reward-views.ts';
import { viewWallet } from '../../store/wallets.ts';

/** DOTM of the caller by state, and the wallet that they go to. */
export const getRewards: Handler<'getRewards'> = async ({ services, identity }) => {
  const { db, clock, policy } = services;
  const now = clock.now();
  const member = await currentMember(db, identity, now);
  const wallet = await viewWallet(db, member.id, policy.chain?.chainId ?? null, now);
  return { ...(await viewRewards(db, member.id)), wallet };
};
