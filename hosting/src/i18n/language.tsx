import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import { writeStored } from '../storage.ts';
import { languageKey, loadMessages, localeOf } from './messages.ts';
import type { Language, Messages } from './messages.ts';

interface LanguageChoice {
  language: Language;
  /** Switches the language and keeps the choice on this device. */
  setLanguage: (language: Language) => Promise<void>;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

/** Serves texts to the whole app and switches them without a reload. */
export function LanguageProvider(props: { language: Language; messages: Messages; children: ReactNode }) {
  const [current, setCurrent] = useState({ language: props.language, messages: props.messages });

  const setLanguage = useCallback(async (language: Language) => {
    const messages = await loadMessages(language);
    writeStored(languageKey, localeOf(language));
    setCurrent({ language, messages });
  }, []);

  useEffect(() => {
    document.documentElement.lang = localeOf(current.language);
  }, [current.language]);

  const choice = useMemo(() => ({ language: current.language, setLanguage }), [current.language, setLanguage]);
  return (
    <LanguageContext value={choice}>
      <IntlProvider locale={localeOf(current.language)} messages={current.messages}>
        {props.children}
      </IntlProvider>
    </LanguageContext>
  );
}

/** The language in use and how to change it. */
export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (!choice) throw new Error('useLanguage needs LanguageProvider above it');
  return choice;
}
