import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDerSignature, secp256k1Order, withLowS } from './ecdsa-der.ts';

/** Writes a number as DER does, in a way of its own. */
function integer(value: bigint): number[] {
  const digits = value.toString(16);
  const bytes = [...Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')];
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return [0x02, bytes.length, ...bytes];
}

function der(r: bigint, s: bigint): number[] {
  const body = [...integer(r), ...integer(s)];
  return [0x30, body.length, ...body];
}

const scalar = fc.bigInt({ min: 1n, max: secp256k1Order - 1n });
const small = fc.bigInt({ min: 1n, max: 0x1_0000n });

describe('a DER signature', () => {
  it('is read for any two numbers, short ones and ones with the top bit set', () => {
    fc.assert(
      fc.property(fc.oneof(scalar, small), fc.oneof(scalar, small), (r, s) => {
        expect(readDerSignature(Uint8Array.from(der(r, s)))).toEqual({ r, s });
      }),
      { numRuns: 2_000 },
    );
  });

  it('with any byte changed is either refused or another signature, never the same one', () => {
    fc.assert(
      fc.property(scalar, scalar, fc.nat(), fc.integer({ min: 1, max: 255 }), (r, s, at, change) => {
        const bytes = Uint8Array.from(der(r, s));
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        try {
          expect(readDerSignature(bytes)).not.toEqual({ r, s });
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', []],
    ['a byte behind it', [...der(5n, 7n), 0]],
    ['a byte behind its numbers', [0x30, 7, ...integer(5n), ...integer(7n), 0]],
    ['another tag', [0x31, ...der(5n, 7n).slice(1)]],
    ['a length past its end', [0x30, 60, ...der(5n, 7n).slice(2)]],
    ['a long form of the length', [0x30, 0x81, 6, ...integer(5n), ...integer(7n)]],
    ['a negative number', [0x30, 6, 0x02, 1, 0x85, ...integer(7n)]],
    ['a padded number', [0x30, 7, 0x02, 2, 0, 5, ...integer(7n)]],
    ['an empty number', [0x30, 5, 0x02, 0, ...integer(7n)]],
    ['a number past the order', der(secp256k1Order, 7n)],
    ['one number only', [0x30, 3, ...integer(5n)]],
  ])('with %s is refused', (_name, bytes) => {
    expect(() => readDerSignature(Uint8Array.from(bytes))).toThrow(RangeError);
  });
});

describe('the low half', () => {
  it('is where s always ends, as itself or as its twin', () => {
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const low = withLowS({ r, s });
        expect(low.r).toBe(r);
        expect(low.s <= secp256k1Order / 2n).toBe(true);
        expect(low.s === s || low.s + s === secp256k1Order).toBe(true);
      }),
    );
  });
});
