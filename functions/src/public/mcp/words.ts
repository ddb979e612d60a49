import type { BillingCycle } from '../../domain/pricing/catalog.ts';

/** An amount as it stands in an answer. */
interface Shown {
  readonly unit: string;
  readonly amount: string;
}

/** Writes an amount for a reader: "20.00 USD", "2.066 DOTM". Of the 18 decimals of a token only those that say something are written. */
export function inWords({ unit, amount }: Shown): string {
  return `${unit === 'DOTM' ? amount.replace(/\.?0+$/, '') : amount} ${unit}`;
}

/** Writes basis points for a reader: 1033 -> "10.33 %". */
export function percent(basisPoints: number): string {
  return `${String(basisPoints / 100)} %`;
}

const cycleWords = { one_time: 'once', monthly: 'a month', annual: 'a year' } as const;

/** Says how often a price is due: "5.00 USD a month". */
export function priceInWords({ cycle, unit, amount }: Shown & { readonly cycle: BillingCycle }): string {
  return `${inWords({ unit, amount })} ${cycleWords[cycle]}`;
}

const dataUnits = [
  ['GB', 1_000_000_000n],
  ['MB', 1_000_000n],
  ['KB', 1_000n],
] as const;

/** Writes a data allowance in the largest unit that needs at most two decimals: "10 GB", "1 GB", "1.5 GB". */
export function dataInWords(bytes: string): string {
  const count = BigInt(bytes);
  for (const [name, size] of dataUnits) {
    if (count < size || (count * 100n) % size !== 0n) continue;
    return `${String(Number((count * 100n) / size) / 100)} ${name}`;
  }
  return `${bytes} bytes`;
}

/** Joins names as a sentence does: "a", "a and b", "a, b and c". */
export function listed(names: readonly string[], last = 'and'): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1) ?? ''}`;
}
