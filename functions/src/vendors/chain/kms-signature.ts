import { recoverAddress, Signature, toBeHex } from 'ethers';
import { vendorError } from '../failure.ts';
import { readDerSignature, withLowS, type EcdsaNumbers } from './ecdsa-der.ts';
import type { Hex } from './port.ts';

/**
 * Turns a signature of a key service (DER) into one that Ethereum takes: s in the lower half, and the bit that tells which key signed,
 * found by trying both. `address` is the key's, in lower case. Throws `vendor.unavailable` for what is no signature of that key over
 * `digest`: it was damaged on the way, and the next attempt may bring a good one.
 */
export function readKmsSignature(digest: Hex, der: Uint8Array, address: Hex): Signature {
  const { r, s } = withLowS(readNumbers(der));
  const candidates = ([0, 1] as const).map((yParity) =>
    Signature.from({ r: toBeHex(r, 32), s: toBeHex(s, 32), yParity }),
  );
  const signature = candidates.find((candidate) => recoveredAddress(digest, candidate) === address);
  if (signature) return signature;
  throw vendorError('unavailable', 'Cloud KMS gave a signature that does not lead back to its own key');
}

function readNumbers(der: Uint8Array): EcdsaNumbers {
  try {
    return readDerSignature(der);
  } catch (error) {
    throw vendorError('unavailable', 'Cloud KMS gave something else than a signature', error);
  }
}

function recoveredAddress(digest: Hex, signature: Signature): string | undefined {
  try {
    return recoverAddress(digest, signature).toLowerCase();
  } catch {
    // No point of the curve has this r, or r or s is zero: nobody signed this.
    return undefined;
  }
}
