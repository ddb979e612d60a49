/**
 * The only arithmetic on amounts. An amount is a bigint count of the smallest part of its unit (cents, wei, bytes), branded
 * with the unit, so that the compiler refuses to add dollars to tokens. On the wire an amount is `{ unit, amount }` with
 * `amount` a decimal string ("20.00"): JSON numbers lose precision beyond 2^53 and DOTM has 18 decimals.
 */
export const unitScales = { USD: 2, CAD: 2, DOTM: 18, BYTE: 0 } as const;

export type Unit = keyof typeof unitScales;
export type Currency = 'USD' | 'CAD';
export const units = ['USD', 'CAD', 'DOTM', 'BYTE'] as const satisfies readonly Unit[];
export const currencies = ['USD', 'CAD'] as const satisfies readonly Currency[];

declare const unitBrand: unique symbol;

/** A count of the smallest part of unit `U`: cents for USD and CAD, wei for DOTM, bytes for BYTE. */
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
  const scale = unitScales[unit];
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, '0');
  const sign = amount < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Reads a decimal string exactly. Throws RangeError when it is no decimal or has more decimals than the unit. */
export function fromDecimal<U extends Unit>(unit: U, text: string): Amount<U> {
  const match = /^(-?)(\d{1,38})(?:\.(\d+))?$/.exec(text);
  const scale = unitScales[unit];
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
