import type { ChainSettings } from '../../platform/chain-settings.ts';
import type { Policy } from '../../platform/config.ts';
import { CodedError } from '../../shared/errors.ts';

/** The chain that rewards are paid on and wallets are linked on. Throws `chain.not_set_up` where rewards are not paid yet. */
export function chainOfRewards({ chain }: Policy): ChainSettings {
  if (chain === null) throw new CodedError('chain.not_set_up', 'CHAIN_ID is empty: rewards accrue and wait');
  return chain;
}
