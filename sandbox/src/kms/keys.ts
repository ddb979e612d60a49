import { createPublicKey } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { z } from 'zod';
import type { Store } from '../core/store.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import type { KmsSettings } from './settings.ts';

/** Ethereum can verify the first; the second is what somebody gets who chose the usual curve by mistake. */
export const ALGORITHMS = ['EC_SIGN_SECP256K1_SHA256', 'EC_SIGN_P256_SHA256'] as const;

const CURVES = {
  EC_SIGN_SECP256K1_SHA256: { curve: secp256k1, jwkName: 'secp256k1' },
  EC_SIGN_P256_SHA256: { curve: p256, jwkName: 'P-256' },
} as const;

/** Full resource name of a key version. */
export const keyVersionName = z
  .string()
  .regex(/^projects\/[\w-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+\/cryptoKeyVersions\/\d+$/);

/** A new key version: a random key, or the given one (32 bytes, hexadecimal). */
export const newKey = z.strictObject({
  name: keyVersionName,
  privateKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  algorithm: z.enum(ALGORITHMS).default('EC_SIGN_SECP256K1_SHA256'),
});

/** What control may change of a key version. */
export const keyChange = z.strictObject({ name: keyVersionName, state: z.enum(['ENABLED', 'DISABLED', 'DESTROYED']) });

/** A key version that the stand-in keeps. Unlike the real one it can be read: it guards nothing. */
export interface KmsKey {
  name: string;
  state: z.output<typeof keyChange>['state'];
  algorithm: (typeof ALGORITHMS)[number];
  privateKey: string;
}

const KIND = 'kms-key';

/** Makes the key of a local world and keeps it; does nothing where it is kept already. */
export function seedKey(store: Store): void {
  const { kmsKeyVersion, kmsPrivateKey } = SANDBOX_CREDENTIALS;
  if (!getKey(store, kmsKeyVersion)) addKey(store, newKey.parse({ name: kmsKeyVersion, privateKey: kmsPrivateKey }));
}

/** Keeps a key version; one of the same name is replaced. */
export function addKey(store: Store, input: z.output<typeof newKey>): KmsKey {
  const { curve } = CURVES[input.algorithm];
  const privateKey = input.privateKey ?? Buffer.from(curve.utils.randomSecretKey()).toString('hex');
  const key: KmsKey = { name: input.name, state: 'ENABLED', algorithm: input.algorithm, privateKey };
  store.put(KIND, key.name, key);
  return key;
}

/** The key version of that name. */
export function getKey(store: Store, name: string): KmsKey | undefined {
  return store.get<KmsKey>(KIND, name);
}

/** Keeps a changed key version. */
export function saveKey(store: Store, key: KmsKey): void {
  store.put(KIND, key.name, key);
}

/** How many key versions there are. */
export function countKeys(store: Store): number {
  return store.count(KIND);
}

/** The public key as Cloud KMS gives it out: PEM of a SubjectPublicKeyInfo. */
export function publicPem(key: KmsKey): string {
  const { curve, jwkName } = CURVES[key.algorithm];
  const point = curve.getPublicKey(Buffer.from(key.privateKey, 'hex'), false);
  const part = (from: number): string => Buffer.from(point.subarray(from, from + 32)).toString('base64url');
  const jwk = { kty: 'EC', crv: jwkName, x: part(1), y: part(33) };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

/** Signs a digest as it stands; DER, with fresh randomness each time, so that half of all signatures have a high s. */
export function signDigest(key: KmsKey, digest: Uint8Array, highS: KmsSettings['highS']): Uint8Array {
  const { curve } = CURVES[key.algorithm];
  const secret = Buffer.from(key.privateKey, 'hex');
  const bytes = curve.sign(digest, secret, { prehash: false, lowS: false, extraEntropy: true });
  const signature = curve.Signature.fromBytes(bytes);
  const isTurned = highS !== 'chance' && signature.hasHighS() !== (highS === 'always');
  const s = isTurned ? curve.Point.Fn.ORDER - signature.s : signature.s;
  return new curve.Signature(signature.r, s).toBytes('der');
}
