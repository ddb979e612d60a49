import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import type { IntlShape } from 'react-intl';
import type { Locale } from '../../../functions/src/shared/locale.ts';
import type { MessageId } from './messages.ts';

type Values = Record<string, string | number | boolean | Date>;
type RichValues = Record<string, ReactNode | ((chunks: ReactNode[]) => ReactNode)>;

/** Translates by message id. Ids made at run time (`errors.<code>`) go through `maybe`, which answers null when unknown. */
export interface Text {
  (id: MessageId, values?: Values): string;
  rich: (id: MessageId, values: RichValues) => ReactNode;
  maybe: (id: string, values?: Values) => string | null;
  locale: Locale;
}

/** Makes a translator of one language. */
export function makeText(intl: IntlShape): Text {
  const text = (id: MessageId, values?: Values) => intl.formatMessage({ id }, values);
  return Object.assign(text, {
    rich: (id: MessageId, values: RichValues): ReactNode => intl.formatMessage({ id }, values),
    maybe: (id: string, values?: Values) => (id in intl.messages ? intl.formatMessage({ id }, values) : null),
    locale: intl.locale as Locale,
  });
}

/** The translator of the language in use. */
export function useText(): Text {
  const intl = useIntl();
  return useMemo(() => makeText(intl), [intl]);
}
