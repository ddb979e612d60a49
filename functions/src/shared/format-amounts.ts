import type { Locale } from './locale.ts';
import { fromDecimal, type Money } from './money.ts';

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options);
  formatters.set(key, known);
  return known;
}

/** `Intl` takes a decimal string exactly, without the loss of a JavaScript number; the type wants a literal. */
function exact(decimal: string): Intl.StringNumericLiteral {
  return decimal as Intl.StringNumericLiteral;
}

/** Writes a price ("$20.00", "CA$27.99", "20,00 $US"). `short` drops ",00" on price tags. */
export function formatPrice(price: Money, locale: Locale, style: 'full' | 'short' = 'full'): string {
  const trailingZeroDisplay = style === 'short' ? 'stripIfInteger' : 'auto';
  return formatter(locale, { style: 'currency', currency: price.unit, trailingZeroDisplay }).format(
    exact(price.amount),
  );
}

/** Keeps a figure and its unit on one line. */
const noBreak = '\u00a0';

const weiShown = 10n ** 14n;

/** Writes DOTM with at most four decimals, rounded down: nobody is shown a token that is not there. */
export function formatTokens(tokens: Money, locale: Locale): string {
  const wei = fromDecimal('DOTM', tokens.amount);
  const shown = wei / weiShown;
  const decimals = formatter(locale, { maximumFractionDigits: 4 });
  if (shown === 0n && wei > 0n) return `<${noBreak}${decimals.format(0.0001)}${noBreak}DOTM`;
  const digits = (shown < 0n ? -shown : shown).toString().padStart(5, '0');
  const decimal = `${shown < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
  return `${decimals.format(exact(decimal))}${noBreak}DOTM`;
}

/** Writes hundredths of a per cent: 1033 is "10.33%". */
export function formatBasisPoints(basisPoints: number, locale: Locale): string {
  return formatter(locale, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000);
}

/** Writes a data volume in decimal units as carriers count them (1 GB = 10^9 bytes), rounded down. */
export function formatData(bytes: bigint, locale: Locale): string {
  const gigabytes = bytes >= 1_000_000_000n;
  const hundredths = gigabytes ? bytes / 10_000_000n : (bytes / 1_000_000n) * 100n;
  const decimal = `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`;
  const unit = gigabytes ? 'gigabyte' : 'megabyte';
  const volume = formatter(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 2 });
  // The narrow no-break space that French asks for all but vanishes in a headline ("10Go").
  return volume.format(exact(decimal)).replace(/[\u202f ]/, noBreak);
}
