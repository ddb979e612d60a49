import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import { countryCodes, countryName } from '../../domain/places/country-name.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { uses } from './prompts.ts';

/** The protocol allows no more at once. */
const mostValues = 100;

/**
 * Offers what can stand for an argument that somebody is typing: ids of services, countries, currencies. An argument that nothing is known
 * of gets an empty list, as the protocol wants it. In a list with commas the last part is completed.
 */
export function complete({ ref, argument }: CompleteRequestParams, view: CatalogView): CompleteResult {
  const typed = argument.value.split(',').at(-1)?.trim().toLowerCase() ?? '';
  const candidates = candidatesFor(ref.type === 'ref/prompt' ? ref.name : ref.uri, argument.name, view);
  const matching = candidates.filter(({ value, also }) =>
    [value, also].some((text) => text.toLowerCase().startsWith(typed)),
  );
  const values = matching.slice(0, mostValues).map(({ value }) => value);
  return { completion: { values, total: matching.length, hasMore: matching.length > values.length } };
}

interface Candidate {
  readonly value: string;
  /** Another way to begin typing it. */
  readonly also: string;
}

function candidatesFor(of: string, argument: string, view: CatalogView): Candidate[] {
  switch (`${of} ${argument}`) {
    case 'dotm://services/{id} id':
    case 'explain_service service':
    case 'cost_optimization services':
      return view.products.map(({ id, name }) => ({ value: id, also: name }));
    case 'dotm://coverage/{country} country':
      return countryCodes().map((code) => ({ value: code, also: countryName(code, 'en') }));
    case 'recommend_plan destination':
      return countryCodes().map((code) => ({ value: countryName(code, 'en'), also: countryName(code, 'fr') }));
    case 'recommend_plan use':
      return uses.map((use) => ({ value: use, also: use }));
    case 'cost_optimization currency':
      return view.currencies.map(({ code }) => ({ value: code, also: code }));
    default:
      return [];
  }
}
