import { randomBytes } from 'node:crypto';
import { recoverAddress, SigningKey, computeAddress, hexlify } from 'ethers';
import { describe, expect, it } from 'vitest';
import { secp256k1Order } from './ecdsa-der.ts';
import { readKmsSignature } from './kms-signature.ts';
import type { Hex } from './port.ts';

const key = new SigningKey(randomBytes(32));
const address = computeAddress(key.publicKey).toLowerCase() as Hex;

/** Writes numbers as DER does, in a way of its own. */
function toDer(...numbers: bigint[]): Uint8Array {
  const integers = numbers.flatMap((value) => {
    const digits = value.toString(16);
    const bytes = [...Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')];
    if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
    return [0x02, bytes.length, ...bytes];
  });
  return Uint8Array.from([0x30, integers.length, ...integers]);
}

/** Ethereum's library takes some milliseconds for each: the whole campaign is for `npm run prove`. */
const digests = process.env['PROOF'] === 'full' ? 20_000 : 400;

describe('a signature of a key service', () => {
  it('leads back to the right address for every digest, with s high or low, odd or even', () => {
    const seen = { high: 0, low: 0, odd: 0, even: 0 };
    for (let round = 0; round < digests; round++) {
      const digest = hexlify(randomBytes(32)) as Hex;
      const { r, s } = key.sign(digest);
      const isHigh = round % 2 === 0;
      const signature = readKmsSignature(
        digest,
        toDer(BigInt(r), isHigh ? secp256k1Order - BigInt(s) : BigInt(s)),
        address,
      );
      expect(BigInt(signature.s) <= secp256k1Order / 2n).toBe(true);
      seen[isHigh ? 'high' : 'low'] += 1;
      seen[signature.yParity === 1 ? 'odd' : 'even'] += 1;
      // Which bit is right was found by recovering; a second look by the library's own whole path, now and then, since it is slow.
      if (round % 50 === 0) expect(recoverAddress(digest, signature.serialized).toLowerCase()).toBe(address);
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(digests / 3);
  });

  it('over another digest, or for another address, is none', () => {
    const [digest, other] = [hexlify(randomBytes(32)) as Hex, hexlify(randomBytes(32)) as Hex];
    const { r, s } = key.sign(digest);
    const der = toDer(BigInt(r), BigInt(s));
    const refusal: unknown = expect.objectContaining({ code: 'vendor.unavailable', retry: true });
    expect(() => readKmsSignature(other, der, address)).toThrow(refusal);
    expect(() => readKmsSignature(digest, der, `0x${'1'.repeat(40)}`)).toThrow(refusal);
    expect(() => readKmsSignature(digest, toDer(0n, BigInt(s)), address)).toThrow(refusal);
    expect(() => readKmsSignature(digest, toDer(BigInt(r), 0n), address)).toThrow(refusal);
    expect(() => readKmsSignature(digest, der.subarray(1), address)).toThrow(refusal);
  });
});
