import { randomBytes } from 'node:crypto';
import { checksummed, isSystemAddress, readAddress, type Address } from '../../../domain/wallets/address.ts';
import { writeSignInMessage } from '../../../domain/wallets/sign-in-message.ts';
import type { Policy } from '../../../platform/config.ts';
import { newId } from '../../../platform/ids.ts';
import type { Handler } from '../../../platform/operations.ts';
import { requireRecentSignIn } from '../../../platform/recent-sign-in.ts';
import { CodedError } from '../../../shared/errors.ts';
import { currentMember } from '../../../store/members.ts';
import { addChallenge } from '../../../store/wallet-challenges.ts';
import { currentWallet } from '../../../store/wallets.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';

/** Long enough to fetch a hardware wallet from a drawer. */
const challengeMs = 10 * 60_000;

/** In English for everybody: the standard knows ASCII only. The web app says the same in the member's language beside it. */
const statement =
  'Link this wallet to my DOTM account. DOTM rewards will be sent to it. Signing costs nothing and moves nothing.';

/**
 * Gives the caller a message that proves `address` once it is signed, and keeps it for ten minutes. Says nothing about whether another
 * account has the address: that is told only to who can sign for it. Throws `auth.recent_sign_in_required`, `chain.not_set_up`, and
 * `wallet.address_invalid`, `wallet.checksum_wrong`, `wallet.address_forbidden` or `wallet.already_linked` about the address.
 */
export const startWalletLink: Handler<'startWalletLink'> = async ({ services, identity }, input) => {
  const { db, clock, policy } = services;
  const now = clock.now();
  requireRecentSignIn(identity, now);
  const { chainId } = chainOfRewards(policy);
  const address = acceptAddress(input.address, policy);
  const member = await currentMember(db, identity, now);
  const current = await currentWallet(db, member.id, chainId);
  if (current?.address === address) throw new CodedError('wallet.already_linked', 'the wallet is the current one');
  const nonce = randomBytes(16).toString('hex');
  const expiresAt = new Date(now.getTime() + challengeMs);
  const requestId = newId('request', now);
  const message = writeSignInMessage({
    ...{ appUrl: policy.appUrl, address, statement, chainId, nonce, issuedAt: now, expiresAt, requestId },
  });
  await db.statement((tx) =>
    addChallenge(tx, { nonce, memberId: member.id, chainId, address, message, createdAt: now, expiresAt }),
  );
  return { nonce, message, address: checksummed(address), chainId, expiresAt: expiresAt.toISOString() };
};

/** No message of ours repeats the address: it would be logged. */
function acceptAddress(text: string, policy: Policy): Address {
  const read = readAddress(text);
  if ('problem' in read) {
    const [code, problem] =
      read.problem === 'checksum'
        ? (['wallet.checksum_wrong', 'its capital letters do not match the rest: a letter is wrong'] as const)
        : (['wallet.address_invalid', 'must be 0x and 40 hexadecimal digits'] as const);
    throw new CodedError(code, `address ${problem}`, { fields: [{ field: 'address', problem }] });
  }
  const { token, distributor } = chainOfRewards(policy);
  if (isSystemAddress(read.address) || read.address === token || read.address === distributor) {
    throw new CodedError('wallet.address_forbidden', 'the address is a contract of ours or of the chain itself', {
      fields: [{ field: 'address', problem: 'belongs to nobody: tokens that go there are lost' }],
    });
  }
  return read.address;
}
