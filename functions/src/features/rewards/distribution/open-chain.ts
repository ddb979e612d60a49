import type { ChainSettings } from '../../../platform/chain-settings.ts';
import type { Services } from '../../../platform/container.ts';
import { CodedError } from '../../../shared/errors.ts';
import type { ChainPort } from '../../../vendors/chain/port.ts';

/** A chain that is set up: its settings and the way to it. */
export interface OpenChain {
  readonly settings: ChainSettings;
  readonly port: ChainPort;
}

/** Gives the settings of the chain that rewards are paid on. Throws `chain.not_set_up`. */
export function chainSettings(services: Services): ChainSettings {
  const { chain } = services.policy;
  if (chain === null) throw new CodedError('chain.not_set_up', 'CHAIN_ID is empty: rewards accrue and wait');
  return chain;
}

/** Opens the chain that rewards are paid on. Throws `chain.not_set_up`. */
export async function openChain(services: Services): Promise<OpenChain> {
  const settings = chainSettings(services);
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
  return { head: head.number, baseFeeWei: head.baseFeeWei, safe: await safeBlock({ settings, port }, head.number) };
}

async function safeBlock({ settings, port }: OpenChain, head: number): Promise<number> {
  if (settings.confirmations !== 'finalized') return head - settings.confirmations + 1;
  return (await port.readBlock('finalized'))?.number ?? -1;
}
