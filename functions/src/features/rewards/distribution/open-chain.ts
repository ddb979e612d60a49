import type { ChainSettings } from '../../../platform/chain-settings.ts';
import type { Services } from '../../../platform/container.ts';
import { CodedError } from '../../../shared/errors.ts';
import type { ChainPort } from '../../../vendors/chain/port.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';
import { readSettledBlock } from '../settled-block.ts';

/** A chain that is set up: its settings and the way to it. */
export interface OpenChain {
  readonly settings: ChainSettings;
  readonly port: ChainPort;
}

/** Opens the chain that rewards are paid on. Throws `chain.not_set_up`. */
export async function openChain(services: Services): Promise<OpenChain> {
  const settings = chainOfRewards(services.policy);
  return { settings, port: await services.chain() };
}

/** Where the chain stands in one round of work. */
export interface ChainView {
  readonly head: number;
  readonly baseFeeWei: bigint;
  /** The newest block that can't be taken back; -1 while there is none. */
  readonly safe: number;
}

/** Looks where the chain stands. Throws `vendor.unavailable`. */
export async function lookAtChain({ settings, port }: OpenChain): Promise<ChainView> {
  const head = await port.readBlock('latest');
  if (head === null) throw new CodedError('vendor.unavailable', 'the node has no newest block');
  const settled = await readSettledBlock(port, settings, head);
  return { head: head.number, baseFeeWei: head.baseFeeWei, safe: settled?.number ?? -1 };
}
