/** Something with data in it that can be bought. */
export interface DataPack {
  readonly productId: string;
  readonly bytes: bigint;
  /** In minor units of one currency; only good to compare. */
  readonly price: bigint;
  /** From when it is first used; null for no end. */
  readonly validityDays: number | null;
  readonly oncePerPerson: boolean;
}

/** Some of a pack; 1 or more. */
export interface Portion {
  readonly pack: DataPack;
  readonly quantity: number;
}

/** The bytes that somebody uses, evenly over the days. */
export interface TripNeed {
  readonly days: number;
  readonly bytes: bigint;
}

/** As many as a basket takes of one product. */
const maxQuantity = 10;
/** A catalogue that would give more has its dearest packs left out: nobody should wait for baskets that nobody would buy. */
const maxBaskets = 5_000;

/**
 * Gives every basket that holds enough for a trip and no more of any pack than would do alone. Packs that end after some days all start on
 * the first one, which is the cautious reading of "valid 10 days".
 */
export function sufficientBaskets(packs: readonly DataPack[], need: TripNeed): Portion[][] {
  const considered = economical(packs, need);
  const baskets: Portion[][] = [];
  const extend = (index: number, basket: readonly Portion[]): void => {
    const pack = considered[index];
    if (!pack) {
      if (basket.length > 0 && usableBytes(basket, need) >= need.bytes) baskets.push([...basket]);
      return;
    }
    for (let quantity = 0; quantity <= mostOf(pack, need); quantity += 1) {
      extend(index + 1, quantity === 0 ? basket : [...basket, { pack, quantity }]);
    }
  };
  extend(0, []);
  return baskets;
}

/** How much of a basket can be used on a trip: of a pack that ends, no more than is used until then. */
export function usableBytes(basket: readonly Portion[], { days, bytes }: TripNeed): bigint {
  const holds = ({ pack, quantity }: Portion): bigint => pack.bytes * BigInt(quantity);
  const ending = basket
    .filter(({ pack }) => pack.validityDays !== null)
    .sort((a, b) => (a.pack.validityDays ?? 0) - (b.pack.validityDays ?? 0));
  let used = 0n;
  for (const portion of ending) {
    const until = Math.min(days, portion.pack.validityDays ?? days);
    // Rounded down: what is used by then, at least.
    const room = (bytes * BigInt(until)) / BigInt(days) - used;
    const held = holds(portion);
    if (until === days) used += held;
    else if (room > 0n) used += held < room ? held : room;
  }
  return basket.filter(({ pack }) => pack.validityDays === null).reduce((sum, portion) => sum + holds(portion), used);
}

function mostOf(pack: DataPack, need: TripNeed): number {
  if (pack.oncePerPerson) return 1;
  const alone = Number((need.bytes + pack.bytes - 1n) / pack.bytes);
  return Math.min(maxQuantity, alone);
}

function economical(packs: readonly DataPack[], need: TripNeed): DataPack[] {
  const kept = [...packs].sort((a, b) => (a.price * b.bytes < b.price * a.bytes ? -1 : 1));
  const count = (): number => kept.reduce((product, pack) => product * (mostOf(pack, need) + 1), 1);
  while (kept.length > 1 && count() > maxBaskets) kept.pop();
  return kept;
}
