import { locales } from '../../../functions/src/shared/locale.ts';
import type { Locale } from '../../../functions/src/shared/locale.ts';
import type en from '../locales/en.json';
import { readStored } from '../storage.ts';
import { pseudoMessages } from './pseudo.ts';

/** Every text of the app, typed from the English file: a missing id fails the type check. */
export type MessageId = keyof typeof en;
export type Messages = Record<MessageId, string>;

/** A language that the app can show: those of the platform, and `xx`, a pseudo-language that finds untranslated text. */
export type Language = Locale | 'xx';

export const languageKey = 'dotm.language';

const loaders: Record<Locale, () => Promise<{ default: Messages }>> = {
  en: () => import('../locales/en.json'),
  fr: () => import('../locales/fr.json'),
};

function isLocale(text: string | null | undefined): text is Locale {
  return locales.some((locale) => locale === text);
}

/** Loads the texts of one language; each is a file of its own, so that a French member never downloads English. */
export async function loadMessages(language: Language): Promise<Messages> {
  if (language !== 'xx') return (await loaders[language]()).default;
  return pseudoMessages((await loaders.en()).default);
}

/**
 * Chooses the language: `?lang=` first, then what was chosen on this device, then the browser's wish, then English.
 * `xx` is taken only where `pseudo` is true, that is in development. Firebase's own links (with an `oobCode`) carry the
 * language of the mail, which is nobody's choice.
 */
export function chooseLanguage(search: string, wishes: readonly string[], pseudo: boolean): Language {
  const query = new URLSearchParams(search);
  const asked = query.has('oobCode') ? null : query.get('lang');
  if (asked === 'xx' && pseudo) return 'xx';
  if (isLocale(asked)) return asked;
  const stored = readStored(languageKey);
  if (isLocale(stored)) return stored;
  return wishes.map((wish) => wish.slice(0, 2).toLowerCase()).find(isLocale) ?? 'en';
}

/** The platform's locale behind a language: what the account and `Intl` are told. */
export function localeOf(language: Language): Locale {
  return language === 'xx' ? 'en' : language;
}
