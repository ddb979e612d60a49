import { createIntl } from 'react-intl';
import type { Locale } from '../../../functions/src/shared/locale.ts';
import en from '../locales/en.json' with { type: 'json' };
import fr from '../locales/fr.json' with { type: 'json' };
import { makeText } from './text.ts';
import type { Text } from './text.ts';

/** A translator for tests, with the texts that members see. */
export function textIn(locale: Locale): Text {
  return makeText(createIntl({ locale, messages: locale === 'en' ? en : fr }));
}
