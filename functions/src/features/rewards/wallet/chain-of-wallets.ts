import type { Policy } from '../../../platform/config.ts';
import { CodedError } from '../../../shared/errors.ts';

/** The chain that wallets are linked on. Throws `chain.not_set_up` where rewards are not paid yet. */
export function chainOfWallets(policy: Policy): NonNullable<Policy['chain']> {
  if (policy.chain === null) throw new CodedError('chain.not_set_up', 'set CHAIN_ID: wallets are linked on a chain');
  return policy.chain;
}
