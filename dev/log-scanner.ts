import path from 'node:path';
import { quoteTokenType } from '../functions/src/platform/quotes/sign-quote.ts';
import { SANDBOX_CREDENTIALS } from '../sandbox/src/credentials.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Where the tests of the backend keep what they and the product printed (functions/test/support/keep-log.ts). */
export const TEST_LOG_DIR = path.join(ROOT, '.dotm-test/logs');

/** Where the world of the browser tests keeps the logs of its programs. */
export const WORLD_LOG_DIR = path.join(ROOT, '.dotm-test/world/logs');

/** Something in a log that must not be there. */
export interface Leak {
  readonly kind: string;
  /** The line with what leaked blotted out: a report is a log too. */
  readonly line: string;
}

const { stripeSecretKey, oxioApiKey, oxioAuthToken, sendgridApiKey, googleAccessToken, kmsPrivateKey } =
  SANDBOX_CREDENTIALS;

/** Keys and secrets that the tests use, by their values. */
const knownSecrets = [
  ...[stripeSecretKey, oxioApiKey, oxioAuthToken, sendgridApiKey, googleAccessToken],
  // As a wallet writes it, and as the key service keeps it.
  ...[kmsPrivateKey, `0x${kmsPrivateKey}`],
  ...['whsec_test', 'whsec_sandbox'],
];

const kinds: readonly { kind: string; pattern: RegExp; isReal?: (found: string) => boolean }[] = [
  {
    kind: 'a key or secret of the tests',
    pattern: new RegExp(`(?<![\\w-])(?:${knownSecrets.map(escape).join('|')})(?![\\w-])`, 'g'),
  },
  { kind: 'a key of a vendor', pattern: /\b(?:sk|rk)_(?:test|live)_\w{4,}|\bwhsec_\w{4,}|\bSG\.[\w-]{6,}\.[\w-]{6,}/g },
  { kind: 'a bearer token', pattern: /\bBearer\s+[\w.~+/=-]{8,}/gi },
  { kind: 'a signed token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, isReal: (found) => !isQuote(found) },
  { kind: 'a password in an address', pattern: /\b[a-z][a-z+]{2,}:\/\/[^\s:/@"']+:[^\s:/@"']+@[\w.[\]-]+/g },
  { kind: 'an activation code', pattern: /\bLPA:\s?1\$\S*|"(?:matchingId|activationCode|lpa)":\s*"[^"]+"/gi },
  { kind: 'an e-mail address', pattern: /[\w.%+-]+@(?:[a-z\d-]+\.)+[a-z]{2,}\b/gi },
  { kind: 'a telephone number', pattern: /(?<![\w.+-])\+[1-9]\d{7,14}(?!\d)/g },
  { kind: 'the number of an eSIM', pattern: /(?<![\w.-])89\d{2}(?: ?\d{4}){3,4} ?\d{1,3}F?(?![\w.-])/g },
  {
    kind: 'a card number',
    pattern: /(?<![\w.-])[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{3,7}(?![\w.-])/g,
    isReal: isCardNumber,
  },
];

/**
 * Lines that only a stand-in writes and that are its purpose: the Auth emulator has no mail, it prints the mails' links. Postgres and
 * the installed packages name themselves with an @.
 */
const exceptions: readonly RegExp[] = [/follow this link: http:\/\/127\.0\.0\.1:\d+\/emulator\/action\?/];

/** Finds what must not be in the text of a log. */
export function scanLog(text: string): Leak[] {
  return text.split('\n').flatMap((line) => {
    if (exceptions.some((exception) => exception.test(line))) return [];
    return kinds.flatMap(({ kind, pattern, isReal = () => true }) => {
      const found = line.match(pattern)?.filter(isReal) ?? [];
      return found.length === 0 ? [] : [{ kind, line: blot(line, found) }];
    });
  });
}

function blot(line: string, found: readonly string[]): string {
  return found.reduce((text, one) => text.replaceAll(one, `${one.slice(0, 3)}…`), line).slice(0, 300);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * The token of a quote is a price and names nobody: it is made to be passed on in a link, so that web servers write it down. Its head
 * tells it from tokens that let somebody in.
 */
function isQuote(token: string): boolean {
  const [head = ''] = token.split('.');
  return Buffer.from(head, 'base64url').toString().includes(`"typ":"${quoteTokenType}"`);
}

/** Luhn: tells card numbers from other long numbers. */
function isCardNumber(found: string): boolean {
  const digits = found.replaceAll(/\D/g, '').split('').toReversed().map(Number);
  const sum = digits.reduce(
    (total, digit, at) => total + (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2),
    0,
  );
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}
