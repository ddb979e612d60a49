import { readCountries } from './read-places.ts';

/** Says whether a text is the ISO 3166-1 alpha-2 code of a country, in capital letters. */
export function isCountryCode(text: string): boolean {
  return readCountries().has(text);
}

/** Gives the codes of all countries, in the order of the alphabet. */
export function countryCodes(): readonly string[] {
  return [...readCountries().keys()];
}

/** Names a country in one of our languages. Throws RangeError for a code that is none: it is checked where it comes in. */
export function countryName(code: string, locale: 'en' | 'fr'): string {
  const country = readCountries().get(code);
  if (!country) throw new RangeError('no country has this code');
  return country[locale];
}
