import { z } from 'zod';
import { countryName } from '../../../domain/places/country-name.ts';
import { findPlace } from '../../../domain/places/find-place.ts';
import type { CatalogView } from '../../../shared/api/catalog.ts';
import { placeInWords, questionAbout } from '../country.ts';
import { placeArgument } from '../lookups.ts';
import { declareTool } from '../tool.ts';
import { listed } from '../words.ts';

const placeSchema = z.object({
  status: z.enum(['covered', 'not_covered', 'unclear']).describe('unclear: ask the person the question.'),
  place: z.string().nullable().describe('What the name was taken for, with its country.'),
  country: z.string().nullable().describe('ISO 3166-1 alpha-2.'),
  countryName: z.string().nullable(),
  question: z.string().nullable().describe('What to ask when the name is not one place.'),
  notAvailableThere: z.array(z.string()).describe('Ids of services that are not to be had in this country.'),
});
type PlaceAnswer = z.output<typeof placeSchema>;

/** Says where the service works. */
export const checkCoverage = declareTool({
  name: 'check_coverage',
  title: 'Check coverage',
  description:
    'Says whether DOTM works in a country, a city or along a whole trip, and which services are not to be had there. Use it before you recommend anything for a place. It names the country that it took each place for (Austria is not Australia): repeat that to the person. When a name could be several places it gives you the question to ask instead of guessing.',
  input: z.strictObject({
    places: z.array(placeArgument).min(1).max(20).describe('One place, or each stop of a trip in its order.'),
  }),
  output: z.object({
    summary: z.string(),
    catalogVersion: z.int(),
    places: z.array(placeSchema).describe('In the order of the question.'),
    allCovered: z.boolean(),
  }),
  example: { places: ['Austria', 'Paris'] },
  run: ({ places }, { view }) => {
    const answers = places.map((place) => coverageOf(view, place));
    return {
      summary: answers.map((answer, index) => answerInWords(answer, index + 1)).join(' '),
      catalogVersion: view.version,
      places: answers,
      allCovered: answers.every(({ status }) => status === 'covered'),
    };
  },
});

/** Whether data works in a country, by the published catalogue: everywhere but where nothing is sold. */
export function coverageOfCountry(
  view: CatalogView,
  country: string,
): Pick<PlaceAnswer, 'status' | 'country' | 'countryName' | 'notAvailableThere'> {
  const isCovered = !view.excludedCountries.includes(country);
  const missing = view.products.filter(({ countries }) => countries !== null && !countries.includes(country));
  return {
    status: isCovered ? 'covered' : 'not_covered',
    country,
    countryName: countryName(country, 'en'),
    notAvailableThere: isCovered ? missing.map(({ id }) => id) : view.products.map(({ id }) => id),
  };
}

function coverageOf(view: CatalogView, text: string): PlaceAnswer {
  const answer = findPlace(text);
  const question = questionAbout(answer);
  if (question !== undefined || answer.kind !== 'one') {
    return {
      status: 'unclear',
      place: null,
      country: null,
      countryName: null,
      question: question ?? null,
      notAvailableThere: [],
    };
  }
  return { place: placeInWords(answer.place), question: null, ...coverageOfCountry(view, answer.place.country) };
}

function answerInWords(answer: PlaceAnswer, number: number): string {
  switch (answer.status) {
    case 'unclear':
      return `Place ${String(number)} is not clear. ${answer.question ?? ''}`;
    case 'not_covered':
      return `${answer.place ?? ''}: not covered, nothing is sold for it.`;
    case 'covered':
      return answer.notAvailableThere.length === 0
        ? `${answer.place ?? ''}: covered.`
        : `${answer.place ?? ''}: covered; not to be had there: ${listed(answer.notAvailableThere)}.`;
  }
}
