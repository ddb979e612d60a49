import { useState } from 'react';
import { useLanguage } from '../i18n/language.tsx';
import type { MessageId } from '../i18n/messages.ts';
import { useText } from '../i18n/text.ts';
import { useTellAccount } from '../live/update-preferences.ts';
import { Icon } from '../ui/icons.tsx';
import type { IconName } from '../ui/icons.tsx';
import { applyTheme, nextTheme, storedTheme } from '../ui/theme.ts';
import type { Theme } from '../ui/theme.ts';

/** Switches between English and French; a member's mails follow. */
export function LanguageSwitch() {
  const tellAccount = useTellAccount();
  const { language, setLanguage } = useLanguage();
  const other = language === 'fr' ? 'en' : 'fr';
  function change() {
    void setLanguage(other);
    tellAccount({ locale: other });
  }
  return (
    <button
      type="button"
      className="icon-button"
      lang={other}
      aria-label={other === 'fr' ? 'FR, passer en français' : 'EN, switch to English'}
      onClick={change}
    >
      {other.toUpperCase()}
    </button>
  );
}

const themeIcons: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' };
const themeTexts: Record<Theme, MessageId> = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' };

/** Goes round between the device's own choice, dark and light. */
export function ThemeSwitch() {
  const t = useText();
  const [theme, setTheme] = useState(storedTheme);
  const label = t('theme.label', { theme: t(themeTexts[theme]) });
  function change() {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  }
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={change}>
      <Icon name={themeIcons[theme]} size={20} />
    </button>
  );
}
