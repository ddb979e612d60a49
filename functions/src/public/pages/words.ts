import { IntlMessageFormat } from 'intl-messageformat';
import type { Product } from '../../shared/api/catalog.ts';
import { locales, type Locale } from '../../shared/locale.ts';
import en from './locales/en.json' with { type: 'json' };
import fr from './locales/fr.json' with { type: 'json' };

/** Every text of these pages, typed from the English file: a missing one fails the type check. */
export type WordId = keyof typeof en;

const texts: Record<Locale, Record<WordId, string>> = { en, fr };

/** Speaks one language. Gives plain text: the templates escape it. */
export interface Words {
  readonly locale: Locale;
  say(id: WordId, values?: Readonly<Record<string, string | number>>): string;
  /** The product's name in this language, or the catalogue's own for a product without a translation. */
  productName(product: Pick<Product, 'id' | 'name'>): string;
  /** One sentence on what a product is for; empty where there is none. */
  productText(id: string): string;
}

const made = new Map<Locale, Words>();

/** Gives the words of a language. */
export function wordsOf(locale: Locale): Words {
  const words = made.get(locale) ?? makeWords(locale);
  made.set(locale, words);
  return words;
}

function makeWords(locale: Locale): Words {
  const formats = new Map<WordId, IntlMessageFormat>();
  const say: Words['say'] = (id, values = {}) => {
    const text = texts[locale][id];
    if (!text.includes('{')) return text;
    const format = formats.get(id) ?? new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    formats.set(id, format);
    return String(format.format(values));
  };
  const maybe = (id: string): string | undefined => (isWordId(id) ? texts[locale][id] : undefined);
  return {
    locale,
    say,
    productName: ({ id, name }) => maybe(`products.${id}.name`) ?? name,
    productText: (id) => maybe(`products.${id}.description`) ?? '',
  };
}

function isWordId(id: string): id is WordId {
  return Object.hasOwn(en, id);
}

/** Says whether a text names a language that the pages speak. */
export function isLocale(text: string | null | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}

/** Chooses among our languages by an Accept-Language header; English where it names none of ours. */
export function chooseLocale(acceptLanguage: string): Locale {
  const wishes = acceptLanguage
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((each) => /^\s*q=([01](?:\.\d+)?)$/.exec(each)?.[1]).find(Boolean);
      return { language: tag.slice(0, 2).toLowerCase(), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map(({ language }) => language).find(isLocale) ?? 'en';
}
