import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { explainReward as explain } from '../../store/reward-explanations.ts';

/** Every number behind a reward of the caller. Throws `not_found`, also for somebody else's. */
export const explainReward: Handler<'explainReward'> = async ({ services, identity }, { rewardId }) => {
  const { db, clock, policy } = services;
  const member = await currentMember(db, identity, clock.now());
  return explain(db, rewardId, member.id, policy.chain?.explorerUrl ?? '');
};
