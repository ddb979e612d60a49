import { fromDecimal } from '../../../functions/src/shared/money.ts';
import type { Currency, Money } from '../../../functions/src/shared/money.ts';
import type { Locale } from '../../../functions/src/shared/locale.ts';

export {
  formatBasisPoints,
  formatData,
  formatPrice,
  formatTokens,
} from '../../../functions/src/shared/format-amounts.ts';

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
