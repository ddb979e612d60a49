import { createPublicKey } from 'node:crypto';
import { computeAddress, getBytes, Transaction, TypedDataEncoder, type Signature } from 'ethers';
import { googleToken } from '../google-token.ts';
import { vendorError } from '../failure.ts';
import { toEip1559, toTypedDataFields } from './contracts.ts';
import { openKmsKey, type KmsKeyOptions } from './kms-key.ts';
import { readKmsSignature } from './kms-signature.ts';
import type { Hex } from './port.ts';
import type { ChainSigner } from './signer.ts';

/** All that signing needs of Google's APIs. */
const scope = 'https://www.googleapis.com/auth/cloudkms';

/** Which key signs and where the key service is; by whom it is asked, unless told, finds Google's library out. */
export type KmsSignerOptions = Omit<KmsKeyOptions, 'accessToken'> & Partial<Pick<KmsKeyOptions, 'accessToken'>>;

/**
 * Makes a signer of a key in Google Cloud KMS (EC_SIGN_SECP256K1_SHA256). The key can't be copied: who takes over a function may sign
 * until the key is disabled, and no longer. A signature is given out only when it leads back to the key's own address. The address is
 * asked once and kept, because a key version never changes. Throws an error that names CHAIN_KMS_KEY when that is no key version.
 */
export function createKmsSigner(options: KmsSignerOptions): ChainSigner {
  const key = openKmsKey({ ...options, accessToken: options.accessToken ?? googleToken(scope) });
  let known: Promise<Hex> | undefined;
  const address = (): Promise<Hex> => {
    known ??= key.publicPem().then(addressOfPem, (error: unknown) => {
      // A failure is not kept: the next caller asks again.
      known = undefined;
      throw error;
    });
    return known;
  };

  async function sign(digest: string): Promise<Signature> {
    // One after the other: a key that can't be read is not asked to sign.
    const signedBy = await address();
    return readKmsSignature(digest as Hex, await key.sign(getBytes(digest)), signedBy);
  }

  return {
    address,
    async signTransaction(fields) {
      const transaction = Transaction.from(toEip1559(fields));
      transaction.signature = await sign(transaction.unsignedHash);
      return transaction.serialized as Hex;
    },
    async signTypedData(domain, types, value) {
      const digest = TypedDataEncoder.hash(domain, toTypedDataFields(types), value);
      return (await sign(digest)).serialized as Hex;
    },
  };
}

/** Address of a public key (PEM of a SubjectPublicKeyInfo). Throws `vendor.unavailable` for a key of another curve, and for none. */
export function addressOfPem(pem: string): Hex {
  let point: { crv?: string | undefined; x?: string | undefined; y?: string | undefined };
  try {
    point = createPublicKey(pem).export({ format: 'jwk' });
  } catch (error) {
    throw vendorError('unavailable', 'Cloud KMS gave no public key that can be read', error);
  }
  const { crv, x, y } = point;
  if (crv !== 'secp256k1' || x === undefined || y === undefined) {
    throw vendorError('unavailable', `CHAIN_KMS_KEY is a key on ${crv ?? 'no known curve'}: Ethereum needs secp256k1`);
  }
  const hex = (part: string): string => Buffer.from(part, 'base64url').toString('hex').padStart(64, '0');
  return computeAddress(`0x04${hex(x)}${hex(y)}`).toLowerCase() as Hex;
}
