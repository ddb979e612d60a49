import type { Account } from '../shared/api/account.ts';
import type { Role } from '../shared/operation.ts';
import type { Queryable } from '../platform/db.ts';
import type { Member } from './members.ts';
import { viewSubscriptions } from './subscriptions.ts';

/**
 * A member in the form that the API and the projection show. `role` comes from the caller's token; the projection shows none, because
 * a role is granted at the identity provider and would go stale there.
 */
export async function readAccount(db: Queryable, member: Member, role: Role | null): Promise<Account> {
  return {
    memberId: member.id,
    email: member.email,
    emailVerified: member.emailVerified,
    displayName: member.displayName,
    locale: member.locale,
    currency: member.currency,
    role,
    createdAt: member.createdAt.toISOString(),
    provisioning: [
      { step: 'member', done: true },
      { step: 'payments', done: member.stripeCustomerId !== null },
      { step: 'carrier_user', done: member.oxioEndUserId !== null },
      { step: 'carrier_group', done: member.oxioGroupId !== null },
    ],
    subscriptions: await viewSubscriptions(db, member.id),
    revision: Number(member.revision),
  };
}
