import { fold } from './fold.ts';
import { readCountries, readPlaces, type Meaning, type Place } from './read-places.ts';
import { suggestPlaces } from './suggest-places.ts';

/**
 * What a name stands for. `one`: this place; `others` go by the same name elsewhere and are much smaller. `ambiguous`: ask which. `none`:
 * no place is known by this name, `suggestions` are near it in spelling; `tooWide`: it is a part of the world, ask for the countries. The
 * text that was asked for is never part of the answer.
 */
export type PlaceAnswer =
  | { readonly kind: 'one'; readonly place: Place; readonly others: readonly Place[] }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Place[] }
  | { readonly kind: 'none'; readonly suggestions: readonly Place[]; readonly tooWide: boolean };

/** The longest name of a place in the data has 60 letters; nobody needs much more to name one with its country. */
const maxLetters = 120;
/** A city this many times as large as the next of its name is the one that people mean; Barcelona is, San José is not. */
const clearlyLarger = 3;
/** A region at least this large beside a country of its name is meant as often: Georgia is, the State of Niger is. */
const rivalShare = 0.5;
const maxCandidates = 6;

/** Parts of the world, in the form of `fold`: nobody can say whether they are covered. */
const partsOfTheWorld = new Set(
  (
    'world|worldwide|monde|europe|european union|union europeenne|eu|ue|western europe|eastern europe|central europe|asia|asie|' +
    'southeast asia|south east asia|asie du sud est|east asia|central asia|africa|afrique|north africa|west africa|east africa|' +
    'southern africa|americas|north america|amerique du nord|south america|amerique du sud|latin america|amerique latine|' +
    'central america|amerique centrale|caribbean|caraibes|antilles|middle east|moyen orient|oceania|oceanie|pacific|mediterranean|' +
    'mediterranee|alps|alpes'
  ).split('|'),
);
/** What people write behind a name that is both a country and a region. */
const kindWords: Readonly<Record<string, Place['kind']>> = {
  country: 'country',
  pays: 'country',
  state: 'region',
  'us state': 'region',
  province: 'region',
  region: 'region',
  etat: 'region',
  city: 'city',
  ville: 'city',
};

/** Two or three capital letters that people write behind a city's name, and GeoNames counts in numbers. */
const postalRegions: Readonly<Record<string, string>> = {
  AB: 'Alberta',
  BC: 'British Columbia',
  MB: 'Manitoba',
  NB: 'New Brunswick',
  NL: 'Newfoundland and Labrador',
  NS: 'Nova Scotia',
  ON: 'Ontario',
  PE: 'Prince Edward Island',
  QC: 'Quebec',
  SK: 'Saskatchewan',
  NSW: 'New South Wales',
  QLD: 'Queensland',
  VIC: 'Victoria',
  WA: 'Western Australia',
  DC: 'District of Columbia',
};

/**
 * Finds the place that somebody names: a country, region or city in English, French or its own language, a country's code in capital
 * letters, or a name with what it lies in ("Paris, Texas", "San José (Costa Rica)", "Georgia, USA", "the country Georgia"). A typing
 * error is never guessed away: it gives `none` with suggestions.
 */
export function findPlace(query: string): PlaceAnswer {
  if (query.length > maxLetters) return none([]);
  const whole = meaningsOf(query);
  if (whole.length > 0) return weigh(whole);
  const [name = '', ...holders] = query.split(/[,(]/).map((part) => part.replace(/\)\s*$/, '').trim());
  const meanings = meaningsOf(name);
  if (meanings.length === 0) return nothingOf(fold(name));
  const around = holders.filter((holder) => holder !== '');
  if (around.length === 0) return weigh(meanings);
  const within = around.reduce<readonly Meaning[]>((left, holder) => left.filter(liesIn(holder)), meanings);
  return within.length === 0 ? none(suggestionsFrom(meanings)) : weigh(within);
}

/** Gives everything that goes by a name; empty where nothing does. */
export function meaningsOf(name: string): readonly Meaning[] {
  const { byName } = readPlaces();
  const code = name.trim().replaceAll('.', '');
  const byCode = /^[A-Z]{2,3}$/.test(code) ? countryByCode(code) : undefined;
  if (byCode) return [byCode];
  const folded = fold(name);
  const direct = byName.get(folded);
  if (direct) return direct;
  const marked =
    /^(?:(country|republic of|republique de|pays)|(state of|province of|etat de)) (.+)$|^(.+) (?:(country)|(state|province))$/;
  const [, wholeBefore, partBefore, after, before, wholeAfter] = marked.exec(folded) ?? [];
  const bare = byName.get(fold(after ?? before ?? ''));
  if (!bare) return [];
  if (wholeBefore !== undefined || wholeAfter !== undefined)
    return bare.filter(({ place }) => place.kind === 'country');
  const parts = bare.filter(({ place }) => place.kind === 'region');
  return partBefore !== undefined || parts.length > 0 ? parts : [];
}

/** Says what a name means when these are all its meanings. */
export function weigh(meanings: readonly Meaning[]): PlaceAnswer {
  const [first, ...rest] = bestOfEachCountry(meanings);
  if (!first) return none([]);
  if (first.place.kind !== 'country') {
    const [second] = rest;
    if (second && first.weight < second.weight * clearlyLarger) return ask([first, ...rest]);
    return { kind: 'one', place: first.place, others: rest.slice(0, maxCandidates - 1).map(({ place }) => place) };
  }
  const namesakes = rest.filter(({ place }) => place.kind === 'country');
  const rivals = rest.filter(({ place, weight }) => place.kind === 'region' && weight > first.weight * rivalShare);
  if (namesakes.length > 0 || rivals.length > 0) return ask([first, ...namesakes, ...rivals]);
  return { kind: 'one', place: first.place, others: rest.slice(0, maxCandidates - 1).map(({ place }) => place) };
}

function none(suggestions: readonly Place[]): PlaceAnswer {
  return { kind: 'none', suggestions, tooWide: false };
}

function nothingOf(folded: string): PlaceAnswer {
  const tooWide = partsOfTheWorld.has(folded);
  return { kind: 'none', suggestions: tooWide ? [] : suggestPlaces(folded), tooWide };
}

function ask(meanings: readonly Meaning[]): PlaceAnswer {
  return { kind: 'ambiguous', candidates: meanings.slice(0, maxCandidates).map(({ place }) => place) };
}

/** Where somebody goes decides everything here, so one place for each country is enough: countries first, then the largest. */
function bestOfEachCountry(meanings: readonly Meaning[]): Meaning[] {
  const best = new Map<string, Meaning>();
  for (const meaning of [...meanings].sort(likeliestFirst)) {
    if (!best.has(meaning.place.country)) best.set(meaning.place.country, meaning);
  }
  return [...best.values()];
}

function likeliestFirst(a: Meaning, b: Meaning): number {
  const isCountry = (meaning: Meaning): number => Number(meaning.place.kind === 'country');
  return isCountry(b) - isCountry(a) || b.weight - a.weight || (a.place.country < b.place.country ? -1 : 1);
}

function liesIn(holder: string): (meaning: Meaning) => boolean {
  const kind = kindWords[fold(holder)];
  if (kind) return ({ place }) => place.kind === kind;
  const around = [...meaningsOf(holder), ...meaningsOf(postalRegions[holder.toUpperCase()] ?? '')].filter(
    ({ place }) => place.kind !== 'city',
  );
  const state = /^[A-Z]{2}$/.test(holder) ? holder : null;
  return ({ place, regionCode }) =>
    (state !== null && place.country === 'US' && regionCode === state) ||
    around.some(
      (outer) =>
        outer.place.country === place.country && (outer.place.kind === 'country' || outer.regionCode === regionCode),
    );
}

function countryByCode(code: string): Meaning | undefined {
  const countries = readCountries();
  const alpha2 = countries.has(code) ? code : [...countries].find(([, { alpha3 }]) => alpha3 === code)?.[0];
  const en = countries.get(alpha2 ?? '')?.en;
  if (alpha2 === undefined || en === undefined) return undefined;
  return { place: { kind: 'country', name: en, country: alpha2, region: null }, regionCode: '', weight: 0 };
}

function suggestionsFrom(meanings: readonly Meaning[]): Place[] {
  return bestOfEachCountry(meanings)
    .slice(0, 3)
    .map(({ place }) => place);
}
