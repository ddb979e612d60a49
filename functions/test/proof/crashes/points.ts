/**
 * Steps that leave something else behind than the step before: nothing does so between the end of one call or commit and the beginning
 * of the next, a call or statement that only reads, or a statement in a transaction that is not committed.
 */
export function changesSomething(point: string): boolean {
  return /: (after commit|before commit|after writing|(before|after) \w+\.(?!get|list|find)\w+)/.test(point);
}

/** Whether a run comes by the point in any shop, not only as its first: the provider tells of new products and prices once. */
export function comesAgain(point: string): boolean {
  return !/^webhook (product|price)\./.test(point);
}

/** A point without the number of the piece of work, so that all projections of a run look alike. */
export function kindOf(point: string): string {
  return point.replace(/ #\d+: /, ': ');
}

/** How often a piece of work that comes again and again on one path (a projection after each change) is died in. */
const REPEATS = 2;

/**
 * Chooses the deaths of a whole sweep. On every path: all points that leave something else behind, those of a repeated piece of work
 * for its first repetitions. All other points, where only reads and open transactions are cut off: each kind on one path, in turn, so
 * that the paths share them evenly. With `every`, all points of all paths.
 */
export function planSweep(recorded: ReadonlyMap<string, readonly string[]>, every: boolean): Map<string, string[]> {
  if (every) return new Map([...recorded].map(([path, points]) => [path, [...points]]));
  const plan = new Map([...recorded.keys()].map((path) => [path, [] as string[]]));
  const passing = new Map<string, { path: string; point: string }[]>();
  for (const [path, points] of recorded) {
    const timesOn = new Map<string, number>();
    for (const point of points.filter(comesAgain)) {
      const kind = kindOf(point);
      const times = (timesOn.get(kind) ?? 0) + 1;
      timesOn.set(kind, times);
      if (changesSomething(point) && times <= REPEATS) plan.get(path)?.push(point);
      else if (!changesSomething(point)) passing.set(kind, [...(passing.get(kind) ?? []), { path, point }]);
    }
  }
  let turn = 0;
  for (const places of passing.values()) {
    const place = places[turn % places.length];
    turn += 1;
    if (place) plan.get(place.path)?.push(place.point);
  }
  return plan;
}

/** Chooses `count` of `points`, evenly spaced from a start that `share` (0 to 1) names. */
export function spread(points: readonly string[], count: number, share: number): string[] {
  const step = points.length / count;
  return Array.from(
    { length: Math.min(count, points.length) },
    (_, index) => points[Math.floor((index + share) * step)],
  ).filter((point) => point !== undefined);
}

/** Deals `all` out in parts of at most `size`, each of them spread over the whole. */
export function deal<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, part) => all.filter((_one, index) => index % count === part));
}

/** Puts `all` in an order that `random` decides. */
export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

/** Makes numbers from 0 to 1 that are the same in each run with this seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
