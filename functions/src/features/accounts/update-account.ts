import type { Handler } from '../../platform/operations.ts';
import { readAccount } from '../../store/account-view.ts';
import { ensureMember, updateMember } from '../../store/members.ts';
import { roleOf } from './role-of.ts';

/** Changes name, language or currency of the caller; what is left out stays as it is. */
export const updateAccount: Handler<'updateAccount'> = async ({ services, identity }, change) => {
  const { db, clock } = services;
  const now = clock.now();
  const member = await db.transaction(async (tx) => {
    const { id } = await ensureMember(tx, identity, now);
    return updateMember(tx, id, change, now);
  });
  return readAccount(db, member, roleOf(identity));
};
