import { fromDecimal, toDecimal } from '../../../functions/src/shared/money.ts';
import type { Currency, Money } from '../../../functions/src/shared/money.ts';
import type { Locale } from '../../../functions/src/shared/locale.ts';

export {
  formatBasisPoints,
  formatData,
  formatPrice,
  formatTokens,
} from '../../../functions/src/shared/format-amounts.ts';

/** Writes a decimal string to its last digit in the reader's manner, and no zeros behind it. */
export function formatNumber(decimal: string, locale: Locale): string {
  // `Intl` takes a decimal string exactly, without the loss of a JavaScript number; the type wants a literal.
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 18 }).format(decimal as Intl.StringNumericLiteral);
}

/** Writes DOTM to the last digit, for sums that somebody checks with a calculator. */
export function formatExactTokens(tokens: Money, locale: Locale): string {
  return `${formatNumber(toDecimal('DOTM', fromDecimal('DOTM', tokens.amount)), locale)}\u00a0DOTM`;
}

/** The name of a currency in the reader's language. */
export function currencyName(code: Currency, locale: Locale): string {
  return new Intl.DisplayNames(locale, { type: 'currency' }).of(code) ?? code;
}

/** Takes a volume off the wire as bytes. */
export function bytesOf(money: Money): bigint {
  return fromDecimal('BYTE', money.amount);
}

/** What remains of what was granted, from 0 to 100, for a gauge. Nothing granted is an empty gauge. */
export function percentLeft(remaining: Money, granted: Money): number {
  const whole = bytesOf(granted);
  if (whole <= 0n) return 0;
  const percent = Number((bytesOf(remaining) * 1000n) / whole) / 10;
  return Math.min(100, Math.max(0, percent));
}
