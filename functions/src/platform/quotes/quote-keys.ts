/** A key that signs quotes. */
export interface QuoteKey {
  /** Named in the head of each token, so that the right key is found while keys change. */
  readonly kid: string;
  readonly secret: Uint8Array;
}

/** Begins with a letter: JSON objects put names that are whole numbers first, and the order says which key signs. */
const kidPattern = /^[a-z][a-z0-9-]{0,15}$/;
/** HMAC-SHA-256 is as strong as its key up to so many bytes (RFC 7518, 3.2). */
const leastBytes = 32;

/**
 * Reads the setting QUOTE_KEYS: a JSON object of key id -> base64url of at least 32 random bytes. The first signs, all verify. To rotate,
 * put a new one in front, deploy, and take the old one out half an hour later. Throws Error that says what is wrong; never with a key in it.
 */
export function parseQuoteKeys(text: string): readonly [QuoteKey, ...QuoteKey[]] {
  const [first, ...others] = Object.entries(parseObject(text)).map(([kid, value]) => parseKey(kid, value));
  if (!first) throw new Error('QUOTE_KEYS holds no key: {"k1":"<base64url of 32 random bytes>"}');
  return [first, ...others];
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the cause: its message quotes the text, which is a secret.
    throw new Error('QUOTE_KEYS is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('QUOTE_KEYS must be a JSON object of key id -> base64url');
  }
  return { ...value };
}

function parseKey(kid: string, value: unknown): QuoteKey {
  if (!kidPattern.test(kid)) {
    throw new Error('a key id of QUOTE_KEYS must be a small letter and up to 15 more letters, digits or hyphens');
  }
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]+$/.test(value)) {
    throw new Error(`key ${kid} of QUOTE_KEYS must be base64url`);
  }
  const secret = new Uint8Array(Buffer.from(value, 'base64url'));
  if (secret.length < leastBytes) {
    throw new Error(`key ${kid} of QUOTE_KEYS has ${String(secret.length)} bytes; it needs ${String(leastBytes)}`);
  }
  return { kid, secret };
}
