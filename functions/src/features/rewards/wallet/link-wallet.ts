import { isCooling, usableFrom } from '../../../domain/wallets/usable-from.ts';
import { audit } from '../../../platform/audit.ts';
import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { CodedError } from '../../../shared/errors.ts';
import { queueMail } from '../../../store/mails.ts';
import { lockMember, touchMember, type Member } from '../../../store/members.ts';
import { useChallenge, type WalletChallenge } from '../../../store/wallet-challenges.ts';
import { currentWallet, hadWallet, insertWallet, markUnlinked, type Wallet } from '../../../store/wallets.ts';

/** A proof that was verified: who, which message, and how it was signed. */
export interface ProvedWallet {
  member: Member;
  challenge: WalletChallenge;
  signature: string;
  kind: Wallet['kind'];
}

/**
 * Makes a proved wallet the member's current one, in the place of any other, and has a mail sent. Under the member's lock: of two at once
 * the later one is a change and waits. Throws `wallet.challenge_used` when the message has linked another wallet than the current one,
 * `wallet.taken` when the address is linked to an account, and `account.erased`.
 */
export async function linkWallet(services: Services, proved: ProvedWallet): Promise<void> {
  const { db, clock, policy } = services;
  const { challenge } = proved;
  await db.transaction(async (tx) => {
    const member = await lockMember(tx, proved.member.id);
    const now = clock.now();
    if (member.erasedAt !== null) throw new CodedError('account.erased', `member ${member.id} was erased`);
    const isFirst = await useChallenge(tx, challenge.nonce, now);
    const current = await currentWallet(tx, member.id, challenge.chainId);
    // Proved twice: nothing changes, and a cooling-off time that runs goes on.
    if (current?.address === challenge.address) return;
    if (!isFirst) throw new CodedError('wallet.challenge_used', 'the message has linked a wallet already');
    const isChange = await hadWallet(tx, member.id);
    if (current) await markUnlinked(tx, current.id, 'replaced', now);
    const wallet = await insertWallet(tx, {
      memberId: member.id,
      chainId: challenge.chainId,
      address: challenge.address,
      kind: proved.kind,
      message: challenge.message,
      signature: proved.signature,
      replaces: current && wayBack(current, now),
      linkedAt: now,
      usableFrom: usableFrom(now, isChange, policy.walletCoolingHours),
    });
    if (!wallet) throw new CodedError('wallet.taken', 'the address is linked to another account');
    await note(tx, wallet, isChange, now);
  });
}

/** What a stopped change leads back to is a wallet that rewards could go to: not one that was itself still waiting. */
function wayBack(current: Wallet, now: Date): Wallet['id'] | null {
  return isCooling(current, now) ? current.replaces : current.id;
}

async function note(tx: Tx, wallet: Wallet, isChange: boolean, now: Date): Promise<void> {
  const { id, memberId } = wallet;
  const kind = isChange ? 'wallet_changed' : 'wallet_linked';
  await queueMail(tx, { memberId, kind, key: id, refersTo: { walletId: id } }, now);
  const action = isChange ? 'wallet.changed' : 'wallet.linked';
  await audit(tx, { actor: memberId, role: null, action, subject: memberId, detail: { walletId: id } }, now);
  await touchMember(tx, memberId, now);
}
