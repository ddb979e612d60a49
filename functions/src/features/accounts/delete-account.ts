import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { requireRecentSignIn } from '../../platform/recent-sign-in.ts';
import { ensureMember } from '../../store/members.ts';
import { addErasure } from './add-erasure.ts';
import { roleOf } from './role-of.ts';

/**
 * Accepts the caller's wish to be deleted; the erasure follows as a job and ends the sign-in first. Throws
 * `auth.recent_sign_in_required` when the caller last signed in more than five minutes ago.
 */
export const deleteAccount: Handler<'deleteAccount'> = async ({ services, identity }) => {
  const { db, clock } = services;
  const now = clock.now();
  requireRecentSignIn(identity, now);
  await db.transaction(async (tx) => {
    const member = await ensureMember(tx, identity, now);
    const role = roleOf(identity);
    await audit(tx, { actor: member.id, role, action: 'account.deletion_requested', subject: member.id }, now);
    await addErasure(tx, member.id, now);
  });
  return { acceptedAt: now.toISOString() };
};
