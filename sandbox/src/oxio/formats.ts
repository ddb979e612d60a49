import { randomInt } from 'node:crypto';

/** US stock begins so (facts: ICCIDs seen on the wire). */
export const ICCID_PREFIX = '891065';
/** The SM-DP+ host that real activation codes name. */
export const SMDP_HOST = 'consumer.e-sim.global';

/** Computes the Luhn check digit that makes `digits` + itself valid. */
export function luhnCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Tells whether all digits, check digit included, pass Luhn. */
export function passesLuhn(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && luhnCheckDigit(digits.slice(0, -1)) === digits.slice(-1);
}

/** Makes the ICCID of stock number `serial` as OXIO writes it: 19 digits that pass Luhn, then the filler `F`. */
export function iccidOf(serial: number): string {
  const digits = ICCID_PREFIX + String(serial).padStart(12, '0');
  return `${digits}${luhnCheckDigit(digits)}F`;
}

/** Tells whether text is an ICCID in OXIO's wire form. */
export function isWireIccid(text: string): boolean {
  return /^89\d{17}F$/.test(text) && passesLuhn(text.slice(0, 19));
}

/** Makes an activation code `1$host$OX<21 digits>`. Each is another one: a real profile downloads once. */
export function newActivationCode(): string {
  let digits = '';
  while (digits.length < 21) digits += String(randomInt(10));
  return `1$${SMDP_HOST}$OX${digits}`;
}

// Area codes in use in the US; a number with another one would be refused by libphonenumber in the code under test.
const AREA_CODES = ['212', '415', '305', '646', '702', '312', '206', '617', '213', '512'];

/**
 * Makes a valid NANP number in E.164, in the area asked for when it is one the sandbox has. Exchange 200–999 without N11, never
 * 555, which libphonenumber knows as fictional.
 */
export function newPhoneNumber(serial: number, preferredAreaCode?: string): string {
  const area =
    preferredAreaCode && AREA_CODES.includes(preferredAreaCode)
      ? preferredAreaCode
      : (AREA_CODES[serial % AREA_CODES.length] ?? '212');
  const exchanges = 700;
  const exchange = 220 + (Math.floor(serial / 10_000) % exchanges);
  const usable = exchange % 100 === 11 || exchange === 555 ? exchange + 1 : exchange;
  return `+1${area}${usable}${String(serial % 10_000).padStart(4, '0')}`;
}

/** Writes a time as OXIO does: ISO-8601 UTC, whole seconds, `Z`. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
