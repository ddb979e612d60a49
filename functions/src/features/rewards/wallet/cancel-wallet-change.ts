import { isCooling } from '../../../domain/wallets/usable-from.ts';
import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { queueMail } from '../../../store/mails.ts';
import { currentMember, lockMember, touchMember } from '../../../store/members.ts';
import { currentWallet, markUnlinked, relinkWallet, viewWallet } from '../../../store/wallets.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';

/**
 * Stops a change of wallet that is still cooling off. The wallet before it is linked again and usable at once; where there was none, or
 * another account has proved its address since, none is linked and rewards wait. Needs no fresh sign-in: it only leads back to where the
 * member was. Throws `wallet.no_change` when there is nothing to stop (any more).
 */
export const cancelWalletChange: Handler<'cancelWalletChange'> = async ({ services, identity }) => {
  const { db, clock, policy } = services;
  const { chainId } = chainOfRewards(policy);
  const { id: memberId } = await currentMember(db, identity, clock.now());
  await db.transaction(async (tx) => {
    await lockMember(tx, memberId);
    const now = clock.now();
    const wallet = await currentWallet(tx, memberId, chainId);
    if (!wallet || !isCooling(wallet, now)) {
      throw new CodedError('wallet.no_change', 'no change of wallet is cooling off');
    }
    await markUnlinked(tx, wallet.id, 'cancelled', now);
    const back = wallet.replaces === null ? null : await relinkWallet(tx, wallet.replaces, now);
    const refersTo = { walletId: wallet.id, ...(back ? { backId: back.id } : {}) };
    await queueMail(tx, { memberId, kind: 'wallet_change_stopped', key: wallet.id, refersTo }, now);
    const detail = { walletId: wallet.id, backId: back?.id ?? null };
    await audit(tx, { actor: memberId, role: null, action: 'wallet.change_stopped', subject: memberId, detail }, now);
    await touchMember(tx, memberId, now);
  });
  return { wallet: await viewWallet(db, memberId, chainId, clock.now()) };
};
