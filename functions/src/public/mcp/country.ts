import { countryName } from '../../domain/places/country-name.ts';
import { findPlace } from '../../domain/places/find-place.ts';
import type { Place } from '../../domain/places/read-places.ts';
import { CannotAnswer } from './tool.ts';
import { listed } from './words.ts';

/** Names a place so that it can't be mistaken: "Vienna, Austria (AT)", "Austria (AT)". */
export function placeInWords({ kind, name, country, region }: Place): string {
  const where = `${countryName(country, 'en')} (${country})`;
  if (kind === 'country') return where;
  return region === null || region === name ? `${name}, ${where}` : `${name}, ${region}, ${where}`;
}

/** Says what to ask the person when a name is not one place. Undefined when it is one. */
export function questionAbout(answer: ReturnType<typeof findPlace>): string | undefined {
  switch (answer.kind) {
    case 'one':
      return undefined;
    case 'ambiguous':
      return `More than one place has that name. Ask which is meant: ${listed(answer.candidates.map(placeInWords), 'or')}.`;
    case 'none':
      if (answer.tooWide) return 'That is a part of the world, not a country: ask which countries are meant.';
      return answer.suggestions.length > 0
        ? `No place is known by that name. Ask whether this is meant: ${listed(answer.suggestions.map(placeInWords), 'or')}.`
        : 'No place is known by that name: ask for the country, or give its ISO 3166-1 code.';
  }
}

/** Finds the country that a place lies in, as an ISO code. Throws CannotAnswer with the question to ask when it is not sure. */
export function countryOf(text: string): string {
  const answer = findPlace(text);
  const question = questionAbout(answer);
  if (question !== undefined || answer.kind !== 'one') throw new CannotAnswer(question ?? '');
  return answer.place.country;
}
