import type { Locale } from '../../shared/locale.ts';
import { fromDecimal, toDecimal, type Money } from '../../shared/money.ts';

/** `Intl` takes a decimal string exactly, without the loss of a JavaScript number; the type wants a literal. */
function exact(decimal: string): Intl.StringNumericLiteral {
  return decimal as Intl.StringNumericLiteral;
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, known);
  return known;
}

/** Writes a price. `short` drops ",00", as on a price tag. */
export function priceText({ unit, amount }: Money, locale: Locale, style: 'full' | 'short' = 'full'): string {
  const trailingZeroDisplay = style === 'short' ? 'stripIfInteger' : 'auto';
  return formatter(locale, { style: 'currency', currency: unit, trailingZeroDisplay }).format(exact(amount));
}

const weiShown = 10n ** 14n;

/** Writes DOTM with at most four decimals, rounded down: nobody is shown a token that is not there. */
export function tokensText(tokens: Money, locale: Locale): string {
  const wei = (fromDecimal('DOTM', tokens.amount) / weiShown) * weiShown;
  const decimal = toDecimal('DOTM', wei);
  return `${formatter(locale, { maximumFractionDigits: 4 }).format(exact(decimal))}\u00a0DOTM`;
}

/** Writes hundredths of a per cent: 1033 is "10.33%". */
export function percentText(basisPoints: number, locale: Locale): string {
  return formatter(locale, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);
}

/** Writes a volume of data in decimal units as carriers count them, rounded down to hundredths of a gigabyte. */
export function dataText(bytes: bigint, locale: Locale): string {
  const isLarge = bytes >= 1_000_000_000n;
  const hundredths = isLarge ? bytes / 10_000_000n : (bytes / 1_000_000n) * 100n;
  const decimal = `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`;
  const unit = isLarge ? 'gigabyte' : 'megabyte';
  return formatter(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 2 })
    .format(exact(decimal))
    .replace(/[\u202f ]/, '\u00a0');
}

/** Joins names: "A, B and C". */
export function listText(
  items: readonly string[],
  locale: Locale,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(locale, { type }).format(items);
}
