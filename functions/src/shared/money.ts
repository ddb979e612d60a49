/**
 * The only arithmetic on amounts. An amount is a bigint count of the smallest part of its unit (cents, wei, bytes), branded
 * with the unit, so that the compiler refuses to add dollars to tokens. On the wire an amount is `{ unit, amount }` with
 * `amount` a decimal string ("20.00"): JSON numbers lose precision beyond 2^53 and DOTM has 18 decimals.
 */
declare const currencyBrand: unique symbol;

/**
 * A currency that people pay with, by its ISO 4217 code. Which ones are sold in is for the catalogue to say: a currency is data. The
 * two of the starting catalogue may be written as they are; any other comes through `asCurrency`.
 */
export type Currency = 'USD' | 'CAD' | (string & { readonly [currencyBrand]: true });

/** What amounts are counted in: money, tokens, data. */
export type Unit = Currency | 'DOTM' | 'BYTE';

declare const unitBrand: unique symbol;

/** The form of a currency's code. Tokens (DOTM) and data (BYTE) have four letters, so that no currency can be taken for them. */
export const currencyPattern = /^[A-Z]{3}$/;

/** Says whether a text has the form of a currency's code. */
export function isCurrency(text: string): text is Currency {
  return currencyPattern.test(text);
}

/** Takes a text for a currency. Throws RangeError unless it is three capital letters. */
export function asCurrency(text: string): Currency {
  if (isCurrency(text)) return text;
  throw new RangeError(`"${text}" is no currency: its code is three capital letters`);
}

/** Takes a text for a unit of amounts. Throws RangeError unless it is DOTM, BYTE or a currency. */
export function asUnit(text: string): Unit {
  return text === 'DOTM' || text === 'BYTE' ? text : asCurrency(text);
}

/** What is counted in something else than money. */
const otherDigits: ReadonlyMap<string, number> = new Map([
  ['DOTM', 18],
  ['BYTE', 0],
]);
const currencyDigits = new Map<string, number>();

/** How many decimals a unit has: those of ISO 4217 for a currency (two for one that the runtime does not know), 18 for DOTM, none for BYTE. */
export function minorDigits(unit: Unit): number {
  const known = otherDigits.get(unit) ?? currencyDigits.get(unit);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: unit });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  currencyDigits.set(unit, digits);
  return digits;
}

/** A count of the smallest part of unit `U`: cents for USD, wei for DOTM, bytes for BYTE. */
export type Amount<U extends Unit = Unit> = bigint & { readonly [unitBrand]: U };

/** An amount on the wire: a decimal string with at most as many decimals as the unit has. */
export interface Money<U extends Unit = Unit> {
  unit: U;
  amount: string;
}

/** Brands a bigint of minor units. The unit is named for the reader and the compiler; nothing is converted. */
export function minor<U extends Unit>(_unit: U, value: bigint): Amount<U> {
  return value as Amount<U>;
}

/** Adds amounts of one unit. */
export function add<U extends Unit>(...amounts: Amount<U>[]): Amount<U> {
  return amounts.reduce<bigint>((sum, amount) => sum + amount, 0n) as Amount<U>;
}

/** Subtracts `b` from `a`; the result may be negative. */
export function subtract<U extends Unit>(a: Amount<U>, b: Amount<U>): Amount<U> {
  return (a - b) as Amount<U>;
}

/** Multiplies by a whole quantity. */
export function times<U extends Unit>(amount: Amount<U>, quantity: bigint): Amount<U> {
  return (amount * quantity) as Amount<U>;
}

/** Turns the sign around. */
export function negate<U extends Unit>(amount: Amount<U>): Amount<U> {
  return (0n - amount) as Amount<U>;
}

/**
 * The share `part / whole` of `amount`, rounded down towards zero, so that shares never add up to more than the whole.
 * Throws RangeError unless 0 <= part <= whole and whole > 0.
 */
export function shareRoundedDown<U extends Unit>(amount: Amount<U>, part: bigint, whole: bigint): Amount<U> {
  if (whole <= 0n || part < 0n || part > whole) throw new RangeError(`share ${part}/${whole} is not between 0 and 1`);
  return ((amount * part) / whole) as Amount<U>;
}

/** Writes an amount as a decimal string with all decimals of its unit: 2000 cents -> "20.00". */
export function toDecimal(unit: Unit, amount: bigint): string {
  const scale = minorDigits(unit);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const sign = amount < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Reads a decimal string exactly. Throws RangeError when it is no decimal or has more decimals than the unit. */
export function fromDecimal<U extends Unit>(unit: U, text: string): Amount<U> {
  const match = /^(-?)(\d{1,38})(?:\.(\d+))?$/.exec(text);
  const scale = minorDigits(unit);
  const decimals = match?.[3] ?? '';
  if (!match || decimals.length > scale) throw new RangeError(`"${text}" is no amount of ${unit} (${scale} decimals)`);
  const value = BigInt(match[2] + decimals.padEnd(scale, '0'));
  return (match[1] ? -value : value) as Amount<U>;
}

/** Puts an amount on the wire. */
export function toMoney<U extends Unit>(unit: U, amount: bigint): Money<U> {
  return { unit, amount: toDecimal(unit, amount) };
}

/** Takes an amount off the wire. Throws RangeError as `fromDecimal` does. */
export function fromMoney<U extends Unit>(money: Money<U>): Amount<U> {
  return fromDecimal(money.unit, money.amount);
}
