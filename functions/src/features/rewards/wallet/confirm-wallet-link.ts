import type { Handler } from '../../../platform/operations.ts';
import type { Services } from '../../../platform/container.ts';
import { CodedError } from '../../../shared/errors.ts';
import { currentMember } from '../../../store/members.ts';
import { findChallenge, type WalletChallenge } from '../../../store/wallet-challenges.ts';
import { currentWallet, viewWallet } from '../../../store/wallets.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';
import { linkWallet } from './link-wallet.ts';

/**
 * Links the wallet that signed the message of `nonce`. What is verified is the text that we kept. A failure leaves the message as it was:
 * it may be signed again until it ends. Repeated after it has linked the wallet that is current, it changes nothing and answers the same: the
 * first answer may have been lost. Throws `not_found` for a nonce that is not the caller's, `wallet.challenge_used`,
 * `wallet.challenge_expired`, `wallet.wrong_chain` when rewards have moved to another chain since, `wallet.wrong_signer`,
 * `wallet.signature_invalid`, `wallet.not_deployed`, `wallet.taken`, and `vendor.unavailable` when the chain can't be asked.
 */
export const confirmWalletLink: Handler<'confirmWalletLink'> = async ({ services, identity }, input) => {
  const { db, clock, policy } = services;
  const { chainId } = chainOfRewards(policy);
  const member = await currentMember(db, identity, clock.now());
  const challenge = await findChallenge(db, member.id, input.nonce);
  if (!challenge) throw new CodedError('not_found', 'no such message was handed out to the caller');
  if (challenge.usedAt !== null) return answerAgain(services, challenge);
  if (challenge.expiresAt <= clock.now()) throw new CodedError('wallet.challenge_expired', 'the message is too old');
  if (challenge.chainId !== chainId) {
    throw new CodedError(
      'wallet.wrong_chain',
      `the message is for chain ${challenge.chainId}, wallets are on ${chainId}`,
    );
  }
  const signature = input.signature.toLowerCase();
  const kind = await judge(services, challenge, signature);
  await linkWallet(services, { member, challenge, signature, kind });
  return { wallet: await viewWallet(db, member.id, chainId, clock.now()) };
};

async function answerAgain({ db, clock }: Services, challenge: WalletChallenge) {
  const { memberId, chainId, address } = challenge;
  if ((await currentWallet(db, memberId, chainId))?.address !== address) {
    throw new CodedError(
      'wallet.challenge_used',
      'the message has linked a wallet before, which is not the current one',
    );
  }
  return { wallet: await viewWallet(db, memberId, chainId, clock.now()) };
}

async function judge(
  services: Services,
  { address, message }: WalletChallenge,
  signature: string,
): Promise<'account' | 'contract'> {
  const { verifySignature } = await import('../../../vendors/chain/verify-signature.ts');
  const verdict = await verifySignature(await services.chain(), { address, message, signature });
  switch (verdict) {
    case 'account':
    case 'contract':
      return verdict;
    case 'other_signer':
      throw new CodedError('wallet.wrong_signer', 'another address signed than the one that the message names');
    case 'not_deployed':
      throw new CodedError(
        'wallet.not_deployed',
        'a contract wallet that is not on the chain yet: send one transaction',
      );
    case 'invalid':
      throw new CodedError('wallet.signature_invalid', 'neither the key nor the contract of the address signed this');
  }
}
