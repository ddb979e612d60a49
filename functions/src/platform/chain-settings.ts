/** Where and how rewards are paid on chain. */
export interface ChainSettings {
  readonly chainId: number;
  /** Addresses of our contracts, in lower case. */
  readonly token: string;
  readonly distributor: string;
  /** The block in which the contracts were made: nothing of ours is older. */
  readonly startBlock: number;
  /** What counts as settled: the chain's own finality, or a number of blocks with the payment's own one (1: at once). */
  readonly confirmations: number | 'finalized';
  /** Address of a block explorer without a slash at the end; empty: no links. */
  readonly explorerUrl: string;
  /** Most that a unit of gas may cost. Above it payments wait. */
  readonly maxFeeWei: bigint;
  /** Gas that an entry takes at most: it decides how many fit into a batch. */
  readonly gasPerEntry: number;
  /** Most that one run may pay, in micro-DOTM. */
  readonly runBudgetMicro: bigint;
  /** Most that runs of a UTC day pay together without an operator's approval, in micro-DOTM. */
  readonly approvalAboveMicro: bigint;
}

/** The settings as text, as the environment has them. */
export interface ChainSettingsText {
  readonly chainId: string;
  readonly token: string;
  readonly distributor: string;
  readonly startBlock: number;
  readonly confirmations: string;
  readonly explorerUrl: string;
  readonly maxFeeGwei: string;
  readonly gasPerEntry: number;
  readonly runBudgetDotm: string;
  readonly approvalAboveDotm: string;
}

const gweiDecimals = 9;
const microDecimals = 6;

/** Reads the chain's settings; null when CHAIN_ID is empty. Throws Error that names the setting and what is wrong with it. */
export function readChainSettings(text: ChainSettingsText): ChainSettings | null {
  if (text.chainId.trim() === '') return null;
  return {
    chainId: wholeNumber('CHAIN_ID', text.chainId, 1),
    token: address('CHAIN_TOKEN', text.token),
    distributor: address('CHAIN_DISTRIBUTOR', text.distributor),
    startBlock: text.startBlock,
    confirmations:
      text.confirmations === 'finalized' ? 'finalized' : wholeNumber('CHAIN_CONFIRMATIONS', text.confirmations, 1),
    explorerUrl: text.explorerUrl.trim().replace(/\/$/, ''),
    maxFeeWei: decimal('CHAIN_MAX_FEE_GWEI', text.maxFeeGwei, gweiDecimals),
    gasPerEntry: text.gasPerEntry,
    runBudgetMicro: decimal('REWARD_RUN_BUDGET_DOTM', text.runBudgetDotm, microDecimals),
    approvalAboveMicro: decimal('REWARD_APPROVAL_ABOVE_DOTM', text.approvalAboveDotm, microDecimals),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`${name} must be a whole number from ${least}, got ${text}`);
  }
  return value;
}

function address(name: string, text: string): string {
  if (!/^0x[0-9a-f]{40}$/i.test(text.trim())) throw new Error(`${name} must be an address, got "${text}"`);
  return text.trim().toLowerCase();
}

/** A decimal as whole parts of its smallest unit, never through a float. */
function decimal(name: string, text: string, decimals: number): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === '' || fraction.length > decimals) {
    throw new Error(`${name} must be a number with at most ${decimals} decimals, got "${text}"`);
  }
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}
