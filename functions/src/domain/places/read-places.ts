import citiesByCountry from './data/cities.json' with { type: 'json' };
import countries from './data/countries.json' with { type: 'json' };
import regionsByCountry from './data/regions.json' with { type: 'json' };
import { fold } from './fold.ts';

/** A country, a part of one, or a city. Names are English, or what people there say where English has no name. */
export interface Place {
  readonly kind: 'country' | 'region' | 'city';
  readonly name: string;
  /** ISO 3166-1 alpha-2 code of the country, or of the country that it lies in. */
  readonly country: string;
  /** The region that a city lies in; null for the others, and where that is not known. */
  readonly region: string | null;
}

/** A place that goes by a name, and how likely people mean it. */
export interface Meaning {
  readonly place: Place;
  /** The code of the region that it is or lies in, as GeoNames has it; empty for a country. */
  readonly regionCode: string;
  /** Thousands of people, more for a capital, less for a name in another language. Only good to compare. */
  readonly weight: number;
}

/** What the data files say, ready to be asked. Names are in the form of `fold`. */
export interface Gazetteer {
  readonly byName: ReadonlyMap<string, readonly Meaning[]>;
  /** Names near which a typing error may lie: of countries, regions and large cities. */
  readonly wellKnown: readonly { readonly name: string; readonly meaning: Meaning }[];
}

interface Country {
  readonly alpha3: string;
  readonly en: string;
  readonly fr: string;
  readonly others: readonly string[];
}

/** People who say a capital's name mean the capital, unless a far larger city has it too (San José). */
const capitalFactor = 3;
const otherNameFactor = 0.1;
/** Whoever names a region mostly has a town in mind: Victoria is one in Canada, too. */
const regionFactor = 0.5;
/** Thousands of people from which a city is looked for behind a typing error. */
const wellKnownFrom = 250;

let countryTable: ReadonlyMap<string, Country> | undefined;
let gazetteer: Gazetteer | undefined;

/** Gives the countries by ISO 3166-1 alpha-2 code. */
export function readCountries(): ReadonlyMap<string, Country> {
  countryTable ??= new Map(
    Object.entries(countries).map(([code, line]) => {
      const [alpha3 = '', en = '', fr = '', ...others] = line.split('|');
      return [code, { alpha3, en, fr, others }];
    }),
  );
  return countryTable;
}

/** Gives the index of all places, made at the first call: a function that is never asked for a city should not pay for them at its start. */
export function readPlaces(): Gazetteer {
  gazetteer ??= makeGazetteer();
  return gazetteer;
}

function makeGazetteer(): Gazetteer {
  const byName = new Map<string, Meaning[]>();
  const wellKnown: { name: string; meaning: Meaning }[] = [];
  const know = (name: string, meaning: Meaning, isWellKnown: boolean): void => {
    const meanings = byName.get(name);
    if (meanings) meanings.push(meaning);
    else byName.set(name, [meaning]);
    if (isWellKnown) wellKnown.push({ name, meaning });
  };
  for (const [country, { en, fr, others }] of readCountries()) {
    const cities = citiesOf(country);
    const regions = regionsOf(country);
    const people = peopleByRegion(cities);
    const weight = [...people.values()].reduce((sum, part) => sum + part, 0);
    const whole: Meaning = { place: { kind: 'country', name: en, country, region: null }, regionCode: '', weight };
    for (const name of new Set([en, fr, ...others].map(fold))) know(name, whole, true);
    for (const [code, name] of regions) {
      const place = { kind: 'region', name, country, region: null } as const;
      know(fold(name), { place, regionCode: code, weight: (people.get(code) ?? 0) * regionFactor }, true);
    }
    for (const { name, regionCode, thousands, weight: own, names } of cities) {
      const place = { kind: 'city', name, country, region: regions.get(regionCode) ?? null } as const;
      know(fold(name), { place, regionCode, weight: own }, thousands >= wellKnownFrom || own > thousands);
      for (const other of names) know(other, { place, regionCode, weight: thousands * otherNameFactor }, false);
    }
  }
  return { byName, wellKnown };
}

interface City {
  readonly name: string;
  readonly regionCode: string;
  readonly thousands: number;
  readonly weight: number;
  readonly names: readonly string[];
}

function citiesOf(country: string): City[] {
  const lines = (citiesByCountry as Readonly<Record<string, string>>)[country];
  if (lines === undefined) return [];
  return lines.split(';').map((line) => {
    const [name = '', regionCode = '', size = '', ...names] = line.split('|');
    const thousands = Number.parseInt(size, 10);
    return { name, regionCode, thousands, weight: size.endsWith('*') ? thousands * capitalFactor : thousands, names };
  });
}

function regionsOf(country: string): ReadonlyMap<string, string> {
  const lines = (regionsByCountry as Readonly<Record<string, string>>)[country];
  if (lines === undefined) return new Map();
  return new Map(
    lines.split(';').map((line) => {
      const [code = '', name = ''] = line.split('|');
      return [code, name];
    }),
  );
}

function peopleByRegion(cities: readonly City[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { regionCode, thousands } of cities) sums.set(regionCode, (sums.get(regionCode) ?? 0) + thousands);
  return sums;
}
