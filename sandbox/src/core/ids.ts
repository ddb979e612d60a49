import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Makes a random id `<prefix>_<length characters of A-Z a-z 0-9>`, the look that Stripe's ids have. */
export function randomId(prefix: string, length = 24): string {
  let text = '';
  // 248 is the largest multiple of 62 in a byte: larger bytes are skipped so that each character is equally likely.
  while (text.length < length) for (const byte of randomBytes(length)) if (byte < 248) text += ALPHABET[byte % 62];
  return `${prefix}_${text.slice(0, length)}`;
}

/** Makes an id that sorts by creation: `<prefix>_<9 characters of time><random>`. For the sandbox's own records. */
export function sortableId(prefix: string): string {
  return `${prefix}_${Date.now().toString(36).padStart(9, '0')}${randomId('', 10).slice(1).toLowerCase()}`;
}
