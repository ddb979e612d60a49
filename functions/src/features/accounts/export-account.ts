import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { exportMember } from '../../store/account-export.ts';
import { ensureMember } from '../../store/members.ts';
import { roleOf } from './role-of.ts';

/** Gives the caller everything that we hold about them, and notes in the audit log that it was asked for. */
export const exportAccount: Handler<'exportAccount'> = async ({ services, identity }) => {
  const { db, clock } = services;
  const now = clock.now();
  const member = await db.transaction(async (tx) => {
    const found = await ensureMember(tx, identity, now);
    const role = roleOf(identity);
    await audit(tx, { actor: found.id, role, action: 'account.exported', subject: found.id }, now);
    return found;
  });
  return { generatedAt: now.toISOString(), data: await exportMember(db, member) };
};
