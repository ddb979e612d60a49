import { z } from 'zod';
import { currencies, units } from './money.ts';

// Apart from the arithmetic: who only adds amounts, as webhooks and vendor clients do, starts without the schema library.

/** A currency that people pay with. */
export const currencySchema = z.enum(currencies).meta({ description: 'ISO 4217 currency of the price.' });

const decimalString = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'Decimal string, for example "20.00".' });

/** An amount of any unit. */
export const moneySchema = z.object({ unit: z.enum(units), amount: decimalString });
/** An amount in a currency that people pay with. */
export const priceSchema = z.object({ unit: currencySchema, amount: decimalString });
