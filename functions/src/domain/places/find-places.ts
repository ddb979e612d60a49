import { CodedError } from '../../shared/errors.ts';
import { findPlace, meaningsOf, weigh, type PlaceAnswer } from './find-place.ts';
import type { Place } from './read-places.ts';

/** A trip longer than this is told in parts; it also bounds the work for one question. */
const maxPlaces = 20;
const maxLetters = 500;

/** Whatever people write between the stops of a trip. A comma may also stand between a city and its country. */
const separator = /\s*(?:,|;|\n|\/|\+|&|->|→|–|—|>|\s-\s|\b(?:and then|then|and|to|via|et|puis|vers)\b)\s*/i;
const leadingWord =
  /^(?:(?:from|to|in|via|through|then|and|visiting|a trip to|trip to|de|du|en|au|aux|à|et|puis|via|par)\s+)+/i;

interface Stop {
  readonly text: string;
  readonly afterComma: boolean;
}

/**
 * Finds the places of a trip, in their order: "Vienna, Prague and Budapest", "Tokyo -> Seoul", "Paris, Texas; Trinidad and Tobago". One
 * answer for each stop, as `findPlace` gives it. "London, Canada" may be one stop or two: that makes London a question. Throws
 * `request.invalid` for more than 20 stops or 500 letters.
 */
export function findPlaces(text: string): PlaceAnswer[] {
  if (text.length > maxLetters) throw tooLong(`must not be longer than ${maxLetters} letters`);
  const stops = split(text);
  if (stops.length > maxPlaces) throw tooLong(`must not name more than ${maxPlaces} places`);
  const answers: PlaceAnswer[] = [];
  for (let index = 0; index < stops.length; index += 1) {
    const here = stops[index];
    const next = stops[index + 1];
    if (!here) break;
    const pair = next?.afterComma === true ? readPair(here.text, next.text) : null;
    answers.push(pair?.answer ?? findPlace(here.text));
    if (pair?.isOneStop === true) index += 1;
  }
  return answers;
}

function tooLong(problem: string): CodedError {
  return new CodedError('request.invalid', `the trip ${problem}`, { fields: [{ field: 'places', problem }] });
}

/** Cuts at separators, but not inside a name that has one ("Trinidad and Tobago"): the longest known name wins. */
function split(text: string): Stop[] {
  const pieces = text.split(new RegExp(`(${separator.source})`, 'i'));
  const stops: Stop[] = [];
  for (let index = 0; index < pieces.length; index += 2) {
    const longest = [4, 2].find((more) => isName(pieces.slice(index, index + more + 1).join(''), pieces[index + 1]));
    const part = trim(pieces.slice(index, index + (longest ?? 0) + 1).join(''));
    const afterComma = pieces[index - 1]?.trim() === ',';
    index += longest ?? 0;
    if (part !== '') stops.push({ text: part, afterComma });
  }
  return stops;
}

/** A comma never joins: "Bonaire, Sint Eustatius and Saba" is found by its first name, and lists are far more common. */
function isName(joined: string, firstSeparator: string | undefined): boolean {
  return firstSeparator !== undefined && firstSeparator.trim() !== ',' && meaningsOf(trim(joined)).length > 0;
}

function trim(text: string): string {
  const bare = text.trim();
  return meaningsOf(bare).length > 0 ? bare : bare.replace(leadingWord, '').trim();
}

/** Reads "X, Y" where Y may be what X lies in. Null where it can't be. */
function readPair(name: string, holder: string): { answer: PlaceAnswer; isOneStop: boolean } | null {
  const meanings = meaningsOf(name);
  const alone = weigh(meanings);
  const within = findPlace(`${name}, ${holder}`);
  if (meanings.length === 0 || within.kind === 'none') return null;
  // A country beside another is two stops, whatever village in the second has the first one's name.
  if (alone.kind === 'one' && alone.place.kind === 'country') return null;
  const outer = findPlace(holder);
  if (alone.kind !== 'one' || within.kind !== 'one') return { answer: within, isOneStop: true };
  if (alone.place.country === within.place.country) return { answer: within, isOneStop: true };
  // A region's name says which town is meant (Paris, Texas). A country's may as well be the next stop.
  if (outer.kind === 'one' && outer.place.kind !== 'country') return { answer: within, isOneStop: true };
  return { answer: { kind: 'ambiguous', candidates: distinct(alone.place, within.place) }, isOneStop: false };
}

function distinct(...places: Place[]): Place[] {
  return [...new Map(places.map((place) => [place.country, place])).values()];
}
