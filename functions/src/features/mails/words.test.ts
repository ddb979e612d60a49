import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { startingCatalog } from '../../domain/catalog/starting-catalog.ts';
import { locales } from '../../shared/locale.ts';
import en from '../../shared/locales/mail.en.json' with { type: 'json' };
import fr from '../../shared/locales/mail.fr.json' with { type: 'json' };
import { wordsOf } from './words.ts';

const texts: Record<string, Record<string, string>> = { en, fr };

/** Names of the values that a text asks for. */
function argumentsOf(text: string, locale: string): string[] {
  const names = new Set<string>();
  const walk = (elements: readonly object[]): void => {
    for (const element of elements) {
      // Literals have a value too; what is put in has a type above 0.
      if ('value' in element && 'type' in element && element.type !== 0) names.add(String(element.value));
      if ('options' in element) {
        for (const option of Object.values(element.options as Record<string, { value: object[] }>)) walk(option.value);
      }
    }
  };
  walk(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

test('every language has every text, and no other', () => {
  for (const locale of locales) expect(Object.keys(texts[locale]!).sort()).toEqual(Object.keys(en).sort());
});

test.each(locales)('every text in %s can be read and asks for the same values as the English one', (locale) => {
  for (const [id, text] of Object.entries(texts[locale]!)) {
    expect
      .soft({ id, values: argumentsOf(text, locale) })
      .toEqual({ id, values: argumentsOf(en[id as keyof typeof en], 'en') });
  }
});

test('every product of the starting catalogue has a name in every language', () => {
  for (const { id } of startingCatalog.products)
    for (const locale of locales) expect(texts[locale]![`product.${id}`]).toBeTruthy();
});

describe('amounts and times', () => {
  test('an amount is exact and written as the language writes it', () => {
    expect(wordsOf('en').money('USD', 2000n)).toBe('$20.00');
    expect(wordsOf('en').money('CAD', 279900n)).toBe('CA$2,799.00');
    expect(wordsOf('fr').money('USD', 2000n)).toBe('20,00\u00a0$US');
    expect(wordsOf('en').money('USD', 9007199254740993n)).toBe('$90,071,992,547,409.93');
  });

  test('a time is in UTC and says so', () => {
    const at = new Date('2026-11-22T22:05:00Z');
    expect(wordsOf('en').time(at)).toMatch(/^November 22, 2026 at 10:05\sPM UTC$/);
    expect(wordsOf('fr').time(at)).toBe('22 novembre 2026 à 22:05 UTC');
  });
});

test('a value is put in as it is: braces and tags in a name mean nothing', () => {
  expect(wordsOf('en').say('welcome.title_named', { name: '<b>{name}</b>' })).toBe('Welcome, <b>{name}</b>');
});

test('a product without a translation keeps the name that the order has', () => {
  expect(wordsOf('fr').productName('moon_data', 'Moon data')).toBe('Moon data');
  expect(wordsOf('fr').productName('esim_starter', 'eSIM starter')).toBe('eSIM découverte');
});
