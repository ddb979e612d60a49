import { audit } from '../../platform/audit.ts';
import type { Services } from '../../platform/container.ts';
import { buryUnknownSignIn } from '../../store/erasure.ts';
import { findMemberByUid } from '../../store/members.ts';
import { addErasure } from './add-erasure.ts';

/**
 * Has the member erased whose sign-in was deleted, be it by our own erasure (then it is done already) or in the Firebase console.
 * Safe to repeat and to come before the sign-up event.
 */
export async function onSignInDeleted({ db, clock }: Services, uid: string): Promise<void> {
  await db.transaction(async (tx) => {
    const now = clock.now();
    const member = await findMemberByUid(tx, uid);
    if (member === null) await buryUnknownSignIn(tx, uid, now);
    if (member === null || member.erasedAt !== null) return;
    await audit(
      tx,
      { actor: 'identity_provider', role: null, action: 'account.sign_in_deleted', subject: member.id },
      now,
    );
    await addErasure(tx, member.id, now);
  });
}
