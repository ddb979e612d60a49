import { IntlMessageFormat } from 'intl-messageformat';
import { formatPrice, formatTokens } from '../../shared/format-amounts.ts';
import type { Locale } from '../../shared/locale.ts';
import { toMoney, type Currency } from '../../shared/money.ts';
import en from '../../shared/locales/mail.en.json' with { type: 'json' };
import fr from '../../shared/locales/mail.fr.json' with { type: 'json' };

/** Every text of our mails, typed from the English file: a missing one fails the type check. */
export type WordId = keyof typeof en;

const texts: Record<Locale, Record<WordId, string>> = { en, fr };

/** Speaks one language: texts, amounts and times. Gives plain text: whoever writes HTML escapes it. */
export interface Words {
  locale: Locale;
  say: (id: WordId, values?: Record<string, string | number>) => string;
  /** The product's name in this language, or the one that the order keeps for a product without a translation. */
  productName: (productId: string, fallback: string) => string;
  money: (currency: Currency, minorUnits: bigint) => string;
  tokens: (wei: bigint) => string;
  /** Day and time in UTC, and says so: we don't know where a traveller is. */
  time: (at: Date) => string;
}

const made = new Map<Locale, Words>();

/** Gives the words of a language. */
export function wordsOf(locale: Locale): Words {
  let words = made.get(locale);
  if (!words) made.set(locale, (words = makeWords(locale)));
  return words;
}

function makeWords(locale: Locale): Words {
  const formats = new Map<WordId, IntlMessageFormat>();
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const words: Words = {
    locale,
    say(id, values = {}) {
      let format = formats.get(id);
      // Tags in a text are shown as they are: mails get their form from blocks, not from words.
      if (!format)
        formats.set(id, (format = new IntlMessageFormat(texts[locale][id], locale, undefined, { ignoreTag: true })));
      return String(format.format(values));
    },
    productName(productId, fallback) {
      const id = `product.${productId}`;
      return isWordId(id) ? words.say(id) : fallback;
    },
    tokens: (wei) => formatTokens(toMoney('DOTM', wei), locale),
    money: (currency, minorUnits) => formatPrice(toMoney(currency, minorUnits), locale),
    time: (at) => words.say('common.utc', { time: times.format(at) }),
  };
  return words;
}

function isWordId(id: string): id is WordId {
  return Object.hasOwn(en, id);
}
