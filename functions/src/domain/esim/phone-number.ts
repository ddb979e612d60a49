import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { CountryCode } from 'libphonenumber-js/min';

/**
 * Reads a telephone number as a carrier or a person writes it and returns it in E.164 (`+12125550123`), or null when no
 * number of that country has this length. `country` (ISO 3166 alpha-2) is for numbers without `+` and country code.
 * The length is checked and not the ranges: carriers hand out new ranges before any library knows them.
 */
export function toE164(text: string, country: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return number?.isPossible() ? number.number : null;
}

/** Shows an E.164 number to a person, in its international grouping: `+1 212 555 0123`. Anything else stays as it is. */
export function displayPhoneNumber(e164: string): string {
  return parsePhoneNumberFromString(e164, { extract: false })?.formatInternational() ?? e164;
}
