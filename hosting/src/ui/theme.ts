import { readStored, writeStored } from '../storage.ts';

export type Theme = 'system' | 'light' | 'dark';
const themeKey = 'dotm.theme';

/** The choice of light or dark on this device; `public/theme.js` applies it before the first paint. */
export function storedTheme(): Theme {
  const stored = readStored(themeKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies and keeps a choice; `system` follows the device. */
export function applyTheme(theme: Theme): void {
  writeStored(themeKey, theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** The next choice when the switch is pressed. */
export function nextTheme(theme: Theme): Theme {
  return theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system';
}
