import { fromDecimal, type Currency } from '../../../../functions/src/shared/money.ts';

/** Reads an amount that an operator typed ("5", "5,50"); null unless it is above zero and at most `most` cents. */
export function readAmount(text: string, unit: Currency, most: bigint): bigint | null {
  try {
    const cents = fromDecimal(unit, text.trim().replace(',', '.'));
    return cents > 0n && cents <= most ? cents : null;
  } catch {
    return null;
  }
}
