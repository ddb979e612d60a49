import { z } from 'zod';
import { currencyPattern, type Currency, type Unit } from './money.ts';

// Apart from the arithmetic: who only adds amounts, as webhooks and vendor clients do, starts without the schema library.

/**
 * A currency that people pay with. The form is all that is checked here: whether anything is sold in it is for the catalogue's
 * version to say.
 */
export const currencySchema: z.ZodType<Currency, Currency> = z
  .string()
  .regex(currencyPattern)
  .meta({ description: 'ISO 4217 currency of the price.' }) as unknown as z.ZodType<Currency, Currency>;

const unitSchema = z
  .string()
  .regex(/^([A-Z]{3}|DOTM|BYTE)$/)
  .meta({ description: 'ISO 4217 currency, DOTM (tokens) or BYTE (data).' }) as unknown as z.ZodType<Unit, Unit>;

const decimalString = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'Decimal string, for example "20.00".' });

/** An amount of any unit. */
export const moneySchema = z.object({ unit: unitSchema, amount: decimalString });
/** An amount in a currency that people pay with. */
export const priceSchema = z.object({ unit: currencySchema, amount: decimalString });
