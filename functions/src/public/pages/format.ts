import type { Locale } from '../../shared/locale.ts';

/** Joins names: "A, B and C". */
export function listText(
  items: readonly string[],
  locale: Locale,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(locale, { type }).format(items);
}
