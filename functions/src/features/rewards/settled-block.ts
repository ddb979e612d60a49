import type { ChainSettings } from '../../platform/chain-settings.ts';
import type { Block, ChainPort } from '../../vendors/chain/port.ts';

/**
 * The newest block that we take for settled: the chain's own finality, or so many blocks deep, the newest one counting as the first. Null
 * while there is none. Who has read the newest block already gives it as `head`.
 */
export async function readSettledBlock(port: ChainPort, settings: ChainSettings, head?: Block): Promise<Block | null> {
  if (settings.confirmations === 'finalized') return port.readBlock('finalized');
  const newest = head ?? (await port.readBlock('latest'));
  if (newest === null || settings.confirmations === 1) return newest;
  const number = newest.number - settings.confirmations + 1;
  return number < 0 ? null : port.readBlock(number);
}
