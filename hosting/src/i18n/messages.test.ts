import { describe, expect, test } from 'vitest';
import { chooseLanguage } from './messages.ts';

describe('the language of a visitor', () => {
  test('is what the address asks for, first', () => {
    expect(chooseLanguage('?lang=fr', ['en-US'], false)).toBe('fr');
  });

  test('is not what a mailed link of Firebase says', () => {
    expect(chooseLanguage('?mode=signIn&lang=en&oobCode=abc', ['fr-CA'], false)).toBe('fr');
  });

  test('is the first of the browser’s wishes that we speak', () => {
    expect(chooseLanguage('', ['de-DE', 'fr-CA', 'en-US'], false)).toBe('fr');
    expect(chooseLanguage('', ['de-DE'], false)).toBe('en');
  });

  test('is never the pseudo-language outside development', () => {
    expect(chooseLanguage('?lang=xx', ['fr-FR'], false)).toBe('fr');
    expect(chooseLanguage('?lang=xx', ['fr-FR'], true)).toBe('xx');
  });
});
