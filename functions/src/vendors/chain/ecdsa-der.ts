/** The two numbers of an ECDSA signature. */
export interface EcdsaNumbers {
  readonly r: bigint;
  readonly s: bigint;
}

/** Order of secp256k1's group: r and s lie below it. */
export const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const sequenceTag = 0x30;
const integerTag = 0x02;

/**
 * Reads a DER signature (SEQUENCE of two INTEGERs). Strict: one spelling for each signature, nothing before or behind it. Throws
 * RangeError for anything else, and for numbers that no signature over secp256k1 has.
 */
export function readDerSignature(der: Uint8Array): EcdsaNumbers {
  const body = readPart(der, 0, sequenceTag);
  if (body.end !== der.length) throw malformed();
  const r = readPart(der, body.start, integerTag);
  const s = readPart(der, r.end, integerTag);
  if (s.end !== der.length) throw malformed();
  return { r: readNumber(der.subarray(r.start, r.end)), s: readNumber(der.subarray(s.start, s.end)) };
}

/**
 * The same signature with s in the lower half, as Ethereum demands of transactions and our contracts of permits: for each signature
 * (r, s) there is the valid twin (r, order − s), and key services give out either.
 */
export function withLowS({ r, s }: EcdsaNumbers): EcdsaNumbers {
  return { r, s: s > secp256k1Order / 2n ? secp256k1Order - s : s };
}

function readPart(der: Uint8Array, at: number, tag: number): { start: number; end: number } {
  const length = der[at + 1];
  // Both numbers and their frame are shorter than 128 bytes: a longer form of the length is none of a signature's.
  if (der[at] !== tag || length === undefined || length >= 0x80) throw malformed();
  const start = at + 2;
  if (start + length > der.length) throw malformed();
  return { start, end: start + length };
}

function readNumber(bytes: Uint8Array): bigint {
  const [first, second = 0] = bytes;
  const isNegative = first === undefined || first >= 0x80;
  const isPadded = first === 0 && (bytes.length === 1 || second < 0x80);
  if (isNegative || isPadded) throw malformed();
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  if (value >= secp256k1Order) throw malformed();
  return value;
}

function malformed(): RangeError {
  return new RangeError('no DER signature over secp256k1');
}
