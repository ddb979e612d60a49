import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locale } from '../../../../functions/src/shared/locale.ts';

/** Says a text of the web app by its id in `hosting/src/locales`, with `{name}` filled in. Throws for an unknown id. */
export type Say = (id: string, values?: Readonly<Record<string, string>>) => string;

/** Returns what says the web app's texts in one language: journeys read the page as a member does, in that language. */
export function sayIn(language: Locale): Say {
  const file = path.resolve(import.meta.dirname, `../../../../hosting/src/locales/${language}.json`);
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  return (id, values = {}) => {
    const text = texts[id];
    if (text === undefined) throw new Error(`no text ${id} in ${language}.json`);
    return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
  };
}
