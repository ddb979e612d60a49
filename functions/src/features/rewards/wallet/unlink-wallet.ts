import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { requireRecentSignIn } from '../../../platform/recent-sign-in.ts';
import { queueMail } from '../../../store/mails.ts';
import { currentMember, lockMember, touchMember } from '../../../store/members.ts';
import { currentWallet, markUnlinked } from '../../../store/wallets.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';

/**
 * Unlinks the caller's wallet: rewards wait from now on, except for what is on its way. Where none is linked nothing happens. Throws
 * `auth.recent_sign_in_required` and `chain.not_set_up`.
 */
export const unlinkWallet: Handler<'unlinkWallet'> = async ({ services, identity }) => {
  const { db, clock, policy } = services;
  requireRecentSignIn(identity, clock.now());
  const { chainId } = chainOfRewards(policy);
  const { id: memberId } = await currentMember(db, identity, clock.now());
  await db.transaction(async (tx) => {
    await lockMember(tx, memberId);
    const now = clock.now();
    const wallet = await currentWallet(tx, memberId, chainId);
    if (!wallet) return;
    await markUnlinked(tx, wallet.id, 'member', now);
    const refersTo = { walletId: wallet.id };
    await queueMail(tx, { memberId, kind: 'wallet_unlinked', key: wallet.id, refersTo }, now);
    const detail = { walletId: wallet.id };
    await audit(tx, { actor: memberId, role: null, action: 'wallet.unlinked', subject: memberId, detail }, now);
    await touchMember(tx, memberId, now);
  });
  return { wallet: null };
};
