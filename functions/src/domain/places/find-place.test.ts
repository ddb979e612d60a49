import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countryCodes, countryName, isCountryCode } from './country-name.ts';
import { findPlace, type PlaceAnswer } from './find-place.ts';
import { findPlaces } from './find-places.ts';
import type { Place } from './read-places.ts';

/** `Vienna AT`, `? Georgia GE | Georgia US`, `- Austria AT`: short enough to read a table of them. */
function told(answer: PlaceAnswer): string {
  const name = (place: Place): string => `${place.name} ${place.country}`;
  if (answer.kind === 'one') return name(answer.place);
  if (answer.kind === 'ambiguous') return `? ${answer.candidates.map(name).join(' | ')}`;
  return `- ${answer.suggestions.map(name).join(' | ')}`.trim();
}

describe('findPlace', () => {
  test.each([
    ['Austria', 'Austria AT'],
    ['Autriche', 'Austria AT'],
    ['Australia', 'Australia AU'],
    ['AT', 'Austria AT'],
    ['usa', 'United States US'],
    ['U.K.', 'United Kingdom GB'],
    ['Holland', 'Netherlands NL'],
    ['Turkey', 'Türkiye TR'],
    ['Ivory Coast', "Côte d'Ivoire CI"],
    ['trinidad and tobago', 'Trinidad & Tobago TT'],
    ['Mexico', 'Mexico MX'],
    ['Niger', 'Niger NE'],
    ['Vienna', 'Vienna AT'],
    ['Wien', 'Vienna AT'],
    ['Vienne', 'Vienna AT'],
    ['Londres', 'London GB'],
    ['Scotland', 'Scotland GB'],
    ['Bali', 'Bali ID'],
    ['Barcelona', 'Barcelona ES'],
    ['Mallorca', 'Majorca ES'],
    ['Saigon', 'Ho Chi Minh City VN'],
    ['Vancouver, BC', 'Vancouver CA'],
    ['Hong Kong', 'Hong Kong HK'],
  ])('knows %s', (query, expected) => {
    expect(told(findPlace(query))).toBe(expected);
  });

  test.each([
    ['Georgia', '? Georgia GE | Georgia US'],
    ['Korea', '? South Korea KR | North Korea KP'],
    ['San José', '? San Jose US | San José CR | San Jose PH'],
    ['Saint Martin', '? St. Martin MF | Sint Maarten SX'],
  ])('asks which %s is meant', (query, expected) => {
    expect(told(findPlace(query))).toBe(expected);
  });

  test.each([
    ['Georgia, USA', 'Georgia US'],
    ['Georgia (country)', 'Georgia GE'],
    ['the country Georgia', 'Georgia GE'],
    ['San José (Costa Rica)', 'San José CR'],
    ['San Jose, CA', 'San Jose US'],
    ['Paris, Texas', 'Paris US'],
    ['London, Canada', 'London CA'],
  ])('takes the place that %s names with what it lies in', (query, expected) => {
    expect(told(findPlace(query))).toBe(expected);
  });

  test.each([
    ['Autsria', '- Austria AT'],
    ['Austrlia', '- Austria AT | Australia AU'],
    ['Germny', '- Germany DE'],
    ['Tokoyo', '- Tokyo JP'],
    ['Vienna, Japan', '- Vienna AT | Vienna US'],
    ['', '-'],
    ['qqqqqq', '-'],
    ['x'.repeat(5000), '-'],
  ])('does not guess what %s was to be', (query, expected) => {
    expect(told(findPlace(query))).toBe(expected);
  });

  test('the Paris of France is meant, and the others are mentioned', () => {
    const answer = findPlace('Paris');
    expect(told(answer)).toBe('Paris FR');
    expect(answer.kind === 'one' && answer.others.map(({ country }) => country)).toContain('US');
  });

  test('a part of the world is told apart from a name that nobody knows', () => {
    expect(findPlace('Europe')).toEqual({ kind: 'none', suggestions: [], tooWide: true });
    expect(findPlace('qqqqqq')).toEqual({ kind: 'none', suggestions: [], tooWide: false });
  });

  test('every country is found by its code and by its names in both languages, or asked for', () => {
    for (const code of countryCodes()) {
      for (const name of [code, countryName(code, 'en'), countryName(code, 'fr')]) {
        const answer = findPlace(name);
        const found =
          answer.kind === 'one' ? [answer.place] : answer.kind === 'ambiguous' ? answer.candidates : answer.suggestions;
        expect(answer.kind, name).not.toBe('none');
        expect(
          found.map(({ country }) => country),
          name,
        ).toContain(code);
      }
    }
  });

  test('one wrong letter in a country never gives another country for certain', () => {
    const names = countryCodes().flatMap((code) =>
      [countryName(code, 'en'), countryName(code, 'fr')].map((name) => ({ code, name })),
    );
    const known = new Set(names.map(({ name }) => name.toLowerCase()));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
        ({ code, name }, at, letter) => {
          const index = at % name.length;
          const typo = name.slice(0, index) + letter + name.slice(index + 1);
          fc.pre(!known.has(typo.toLowerCase()) && letter !== name[index]?.toLowerCase());
          const answer = findPlace(typo);
          // A letter may make a city or region of it (Chad -> Chd); it may not make a country of it.
          if (answer.kind === 'one' && answer.place.kind === 'country') expect(answer.place.country).toBe(code);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('no answer holds what was asked, unless it is the name of a place', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (noise) => {
        const secret = `${noise}~7391`;
        expect(JSON.stringify(findPlace(secret))).not.toContain('7391');
        expect(JSON.stringify(findPlaces(secret.slice(0, 60).replace(/[,;/+&>\n]/g, '')))).not.toContain('7391');
      }),
      { numRuns: 100 },
    );
  });
});

describe('findPlaces', () => {
  const trip = (text: string): string => findPlaces(text).map(told).join('; ');

  test.each([
    ['Vienna, Prague and Budapest', 'Vienna AT; Prague CZ; Budapest HU'],
    ['Vienne, Prague et Budapest', 'Vienna AT; Prague CZ; Budapest HU'],
    ['Tokyo -> Seoul', 'Tokyo JP; Seoul KR'],
    ['from Paris to Rome, then Bosnia and Herzegovina', 'Paris FR; Rome IT; Bosnia & Herzegovina BA'],
    ['Paris, Texas; Trinidad and Tobago', 'Paris US; Trinidad & Tobago TT'],
    ['Antigua and Barbuda and Barbados', 'Antigua & Barbuda AG; Barbados BB'],
    ['Vienna, Austria, and Prague', 'Vienna AT; Prague CZ'],
    ['Mexico, Philippines', 'Mexico MX; Philippines PH'],
    ['Austria/Germany', 'Austria AT; Germany DE'],
    ['Guinea-Bissau', 'Guinea-Bissau GW'],
    ['Autsria, Australia', '- Austria AT; Australia AU'],
    ['', ''],
  ])('reads "%s"', (text, expected) => {
    expect(trip(text)).toBe(expected);
  });

  test('asks where a comma may mean "in" or "and then"', () => {
    expect(trip('London, Canada')).toBe('? London GB | London CA; Canada CA');
    expect(trip('Georgia, Armenia')).toBe('? Georgia GE | Georgia US; Armenia AM');
  });

  test('finds the countries of a trip in their order, however they are joined', () => {
    const plain = countryCodes().filter((code) => /^[A-Za-z]+$/.test(countryName(code, 'en')) && code !== 'GE');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...plain), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(', ', ' and ', ' -> ', '; ', ' then ', '/'),
        (codes, joint) => {
          const answers = findPlaces(codes.map((code) => countryName(code, 'en')).join(joint));
          expect(answers.map((answer) => answer.kind === 'one' && answer.place.country)).toEqual(codes);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a text without end is refused and not worked through', () => {
    expect(() => findPlaces('Rome, '.repeat(100))).toThrow(/500 letters/);
    expect(() => findPlaces('Rome,'.repeat(21))).toThrow(/20 places/);
  });
});

test('codes are codes and nothing else', () => {
  expect(isCountryCode('AT')).toBe(true);
  expect(isCountryCode('at')).toBe(false);
  expect(isCountryCode('constructor')).toBe(false);
  expect(() => countryName('ZZ', 'en')).toThrow(RangeError);
});
