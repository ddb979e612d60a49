import type { Handler } from '../../platform/operations.ts';
import { readAccount } from '../../store/account-view.ts';
import { currentMember } from '../../store/members.ts';
import { roleOf } from './role-of.ts';

/** The caller's account. Writes the member and starts the set-up when the sign-up event was lost. */
export const getAccount: Handler<'getAccount'> = async ({ services, identity }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  return readAccount(db, member, roleOf(identity));
};
