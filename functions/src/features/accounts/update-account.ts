import type { Handler } from '../../platform/operations.ts';
import { readAccount } from '../../store/account-view.ts';
import { requireSoldCurrency } from '../../store/catalog.ts';
import { ensureMember, updateMember } from '../../store/members.ts';
import { roleOf } from './role-of.ts';

/** Changes name, language or currency of the caller; what is left out stays as it is. Throws `request.invalid` for a currency in which nothing is sold. */
export const updateAccount: Handler<'updateAccount'> = async ({ services, identity }, change) => {
  const { db, clock } = services;
  const now = clock.now();
  const member = await db.transaction(async (tx) => {
    if (change.currency !== undefined) await requireSoldCurrency(tx, change.currency, now);
    const { id } = await ensureMember(tx, identity, now);
    return updateMember(tx, id, change, now);
  });
  return readAccount(db, member, roleOf(identity));
};
