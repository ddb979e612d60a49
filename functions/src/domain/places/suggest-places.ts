import { readPlaces, type Meaning, type Place } from './read-places.ts';

/** More would be no help to whoever mistyped one name. */
const maxSuggestions = 3;
/** Shorter texts are near everything. */
const shortestName = 4;

/**
 * Gives the well-known places whose names are near a text (in the form of `fold`): up to one wrong, missing, extra or swapped letter, two
 * in longer names, or a name that begins so. Only the
 * nearest, countries first, then the largest. Empty where nothing is near.
 */
export function suggestPlaces(folded: string): Place[] {
  if (folded.length < shortestName) return [];
  const bound = folded.length < 6 ? 1 : 2;
  const near = readPlaces().wellKnown.flatMap(({ name, meaning }) => {
    const distance = name.startsWith(folded) ? bound : lettersApart(folded, name, bound);
    return distance > bound ? [] : [{ meaning, distance }];
  });
  const sorted = near.sort((a, b) => a.distance - b.distance || rank(b.meaning) - rank(a.meaning));
  const found = new Map<string, Place>();
  for (const { meaning, distance } of sorted) {
    const { place } = meaning;
    if (distance !== sorted[0]?.distance) break;
    const key = `${place.country}/${place.name}`;
    if (!found.has(key)) found.set(key, place);
    if (found.size === maxSuggestions) break;
  }
  return [...found.values()];
}

/** Countries are asked for more often than any city. */
function rank({ place, weight }: Meaning): number {
  return place.kind === 'country' ? Number.MAX_SAFE_INTEGER : weight;
}

/**
 * Counts the letters to change, add, leave out or swap with their neighbour to get from `a` to `b` (optimal string alignment). Any number
 * above `bound` stands for "more than that".
 */
export function lettersApart(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1));
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    if (Math.min(...current) > bound) return bound + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.MAX_SAFE_INTEGER;
}
