import { isCountryCode } from '../../domain/places/country-name.ts';
import { findPlace, type PlaceAnswer } from '../../domain/places/find-place.ts';
import { productKinds, type CatalogView, type Product } from '../../shared/api/catalog.ts';
import type { Locale } from '../../shared/locale.ts';
import type { Currency } from '../../shared/money.ts';
import { chooseLocale, isLocale } from './words.ts';

/** What somebody asks of a page, read from its address or its form. Whatever makes no sense counts as not asked for. */
export interface Wish {
  readonly locale: Locale;
  /** Set when the address says it: links then go on saying it. */
  readonly lang: Locale | null;
  readonly currency: Currency;
  readonly kind: Product['kind'] | null;
  /** As it was typed; cut to what a name can have. */
  readonly where: string;
  /** Null when nothing was typed. */
  readonly place: PlaceAnswer | null;
  /** ISO 3166-1 alpha-2, from the place when it is one, else from the address. */
  readonly country: string | null;
  readonly query: URLSearchParams;
}

const mostLetters = 120;

/** Reads what pages have in common. `acceptLanguage` is the browser's header. */
export function readWish(view: CatalogView, query: URLSearchParams, acceptLanguage: string): Wish {
  const lang = query.get('lang');
  const named = isLocale(lang) ? lang : null;
  const where = (query.get('where') ?? '').trim().slice(0, mostLetters);
  const place = where === '' ? null : findPlace(where);
  const code = query.get('country');
  const kind = query.get('kind');
  return {
    locale: named ?? chooseLocale(acceptLanguage),
    lang: named,
    currency: currencyOf(view, query.get('currency'), acceptLanguage),
    kind: productKinds.find((each) => each === kind) ?? null,
    where,
    place,
    country: place === null ? (code !== null && isCountryCode(code) ? code : null) : countryOf(place),
    query,
  };
}

function countryOf(place: PlaceAnswer): string | null {
  return place.kind === 'one' ? place.place.country : null;
}

/** The one that was asked for, else that of a Canadian browser, else the catalogue's first. */
function currencyOf({ currencies }: CatalogView, asked: string | null, acceptLanguage: string): Currency {
  const sold = currencies.map(({ code }) => code);
  const wished = /^\s*[a-z]{2}-CA\b/i.test(acceptLanguage) ? 'CAD' : null;
  return sold.find((code) => code === asked) ?? sold.find((code) => code === wished) ?? sold[0] ?? 'USD';
}

/** Makes the address of a page that keeps what was chosen. Null takes a parameter away. */
export function addressOf(
  path: string,
  wish: Pick<Wish, 'lang' | 'currency' | 'country'>,
  more: Readonly<Record<string, string | null>> = {},
): string {
  const query = new URLSearchParams();
  const all = { lang: wish.lang, currency: wish.currency, country: wish.country, ...more };
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && value !== '') query.set(name, value);
  }
  return `${path}?${query.toString()}`;
}
