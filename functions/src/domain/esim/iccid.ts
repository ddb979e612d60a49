/**
 * ICCIDs: 89, then country, issuer and account, 18 or 19 digits in all plus a Luhn check digit. Some carriers, ours too,
 * put a filler `F` behind 19 digits. Storage and URLs keep the filler as it came; people see digits.
 */
const wirePattern = /^(89\d{17,18})F?$/i;

/** Reads an ICCID with or without its filler and returns the digits, or null when form or check digit are wrong. */
export function parseIccid(text: string): string | null {
  const digits = wirePattern.exec(text)?.[1];
  return digits !== undefined && passesLuhn(digits) ? digits : null;
}

/** Shows an ICCID to a person: no filler, groups of four. What is no ICCID is shown as it is. */
export function displayIccid(text: string): string {
  const digits = parseIccid(text);
  return digits === null ? text : digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** True when the last digit is the Luhn check digit of those before it. */
export function passesLuhn(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
