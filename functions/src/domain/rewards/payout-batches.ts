import { toMoney, type Money } from '../../shared/money.ts';

/** Most gas that one transaction may use on Ethereum (EIP-7825). */
export const gasOfTransaction = 16_777_216;

/** Most entries that the distributor takes in one batch. */
export const mostEntries = 500;

/** What a batch costs besides its entries: the transaction itself, the roles, the limits, the bit of its id, its event. */
const gasOfBatch = 150_000;

/** Wei in one micro-DOTM, the unit in which tokens are paid. What is below one waits with the member. */
export const weiPerMicro = 10n ** 12n;

/** Puts micro-DOTM in the form of the API. */
export function microToMoney(micro: bigint): Money<'DOTM'> {
  return toMoney('DOTM', micro * weiPerMicro);
}

/** How many entries fit into a batch when each takes so much gas at most. At least 1. */
export function entriesPerBatch(gasPerEntry: number): number {
  return Math.max(1, Math.min(mostEntries, Math.floor((gasOfTransaction - gasOfBatch) / gasPerEntry)));
}

/** Gas that a batch may use: enough for entries that are all new holders, and what the node has estimated with a tenth on top. */
export function gasLimitOf(entries: number, gasPerEntry: number, estimate = 0n): bigint {
  const planned = BigInt(gasOfBatch + entries * gasPerEntry);
  const estimated = (estimate * 11n) / 10n;
  const wanted = estimated > planned ? estimated : planned;
  return wanted > BigInt(gasOfTransaction) ? BigInt(gasOfTransaction) : wanted;
}

/** Most that a transaction offers for a unit of gas, and the part of it that goes to whoever makes the block. */
export interface Fees {
  readonly maxFeeWei: bigint;
  readonly tipWei: bigint;
}

/** Whoever makes blocks takes a transaction with this on a day like any other. */
const usualTipWei = 1_000_000_000n;

/**
 * What a new transaction offers at this base fee: twice the fee, so that it is still good after six full blocks, never above the ceiling.
 * Null when the fee of today is above the ceiling: payments wait.
 */
export function feesAt(baseFeeWei: bigint, ceilingWei: bigint): Fees | null {
  if (baseFeeWei + usualTipWei > ceilingWei) return null;
  const wanted = 2n * baseFeeWei + usualTipWei;
  return { maxFeeWei: wanted < ceilingWei ? wanted : ceilingWei, tipWei: usualTipWei };
}

/**
 * What a transaction offers that takes the place of one with the same nonce: a quarter more of both, because nodes refuse less than an
 * eighth, and at least what a new one would. Null when that is above the ceiling, or not even a new one could be paid today: to raise the
 * offer then would only use up what is left below the ceiling.
 */
export function raisedFees(before: Fees, baseFeeWei: bigint, ceilingWei: bigint): Fees | null {
  const today = feesAt(baseFeeWei, ceilingWei);
  if (today === null) return null;
  const raise = (wei: bigint) => (wei * 5n) / 4n + 1n;
  const maxFeeWei = larger(raise(before.maxFeeWei), today.maxFeeWei);
  const tipWei = larger(raise(before.tipWei), today.tipWei);
  return maxFeeWei > ceilingWei ? null : { maxFeeWei, tipWei: tipWei < maxFeeWei ? tipWei : maxFeeWei };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** What is paid out of `freeWei`: whole micro-DOTM up to the ceiling of an entry. What is above the ceiling waits for the next run. */
export function payableMicro(freeWei: bigint, ceilingMicro: bigint): bigint {
  const micro = freeWei / weiPerMicro;
  return micro < ceilingMicro ? micro : ceilingMicro;
}

/** The address that nobody holds. */
export const zeroAddress = `0x${'0'.repeat(40)}`;

/**
 * Tells whether tokens may be sent to `address`: one that nobody holds, or a contract of ours, would make the whole batch fail or burn
 * what it gets.
 */
export function isPayable(address: string, own: readonly string[]): boolean {
  return /^0x[0-9a-f]{40}$/.test(address) && address !== zeroAddress && !own.includes(address);
}
