import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { viewRewards } from '../../store/rewards.ts';

/** DOTM of the caller by state. */
export const getRewards: Handler<'getRewards'> = async ({ services, identity }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  return viewRewards(db, member.id);
};
