import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { CodedError } from '../../shared/errors.ts';
import { vendorError } from '../failure.ts';
import { createHttpClient, describeAnswer, type HttpAnswer, type HttpCall } from '../http.ts';
import { crc32c } from './crc32c.ts';

/** Which key signs, where the key service is, and who asks. */
export interface KmsKeyOptions {
  /** Resource name of the key version: `projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/1`. */
  readonly keyVersion: string;
  /** Scheme and host of Cloud KMS. */
  readonly apiBase: string;
  readonly accessToken: () => Promise<string>;
  /** For one attempt. */
  readonly timeoutMs?: number;
}

/** A key in Cloud KMS, which signs and never leaves it. All throw `vendor.unavailable`; `vendor.refused` when the request itself is bad. */
export interface KmsKey {
  /** PEM of the public half. Throws also when the key is of another curve than Ethereum's. */
  publicPem(): Promise<string>;
  /** Signs 32 bytes as they stand. DER; each time another signature. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

const algorithm = 'EC_SIGN_SECP256K1_SHA256';
const vendor = 'Cloud KMS';
const namePattern =
  /^projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+)\/keyRings\/(?<ring>[^/]+)\/cryptoKeys\/(?<key>[^/]+)\/cryptoKeyVersions\/(?<version>\d+)$/;
const route =
  '/v1/projects/{project}/locations/{location}/keyRings/{ring}/cryptoKeys/{key}/cryptoKeyVersions/{version}';

/** An HSM answers within a quarter of a second. */
const defaultTimeoutMs = 5_000;

/** Before the second and the third attempt. Signing changes nothing, so an answer that was lost or damaged is simply asked for again. */
const retryDelaysMs = [250, 500];

const checksum = z.string().regex(/^\d{1,10}$/);
const signAnswer = z.object({
  name: z.string(),
  signature: z.base64(),
  signatureCrc32c: checksum,
  // Google leaves out what is false.
  verifiedDigestCrc32c: z.boolean().default(false),
});
const publicKeyAnswer = z.object({ name: z.string(), pem: z.string(), pemCrc32c: checksum, algorithm: z.string() });

/**
 * Opens a key version over the REST API of Cloud KMS. Each answer must name this key version and carry the checksum of its bytes, and
 * Google must say that the digest arrived whole: a flipped bit would otherwise become a signature over something else. Throws an
 * error that names CHAIN_KMS_KEY when that is no key version.
 */
export function openKmsKey(options: KmsKeyOptions): KmsKey {
  const params = namePattern.exec(options.keyVersion)?.groups;
  if (!params)
    throw new Error(`CHAIN_KMS_KEY must name a key version (…/cryptoKeyVersions/1), got ${options.keyVersion}`);

  async function ask<T extends { name: string }>(call: HttpCall, schema: z.ZodType<T>): Promise<T> {
    const send = createHttpClient({
      vendor,
      baseUrl: options.apiBase,
      headers: { authorization: `Bearer ${await options.accessToken()}` },
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    });
    const answer = await send({ ...call, params: { ...params } });
    if (!answer.ok) throw refusal(call, answer);
    const parsed = schema.safeParse(answer.json);
    if (!parsed.success) throw vendorError('unavailable', `${describeAnswer(vendor, call, answer)}, not in its shape`);
    if (parsed.data.name !== options.keyVersion) throw damaged(call, 'is about another key version');
    return parsed.data;
  }

  return {
    async publicPem() {
      const call: HttpCall = { method: 'GET', route: `${route}/publicKey` };
      const answer = await ask(call, publicKeyAnswer);
      if (crc32c(Buffer.from(answer.pem)) !== Number(answer.pemCrc32c)) throw damaged(call, 'has a wrong checksum');
      if (answer.algorithm === algorithm) return answer.pem;
      throw vendorError('unavailable', `CHAIN_KMS_KEY is a key for ${answer.algorithm}: make one for ${algorithm}`);
    },
    async sign(digest) {
      if (digest.length !== 32) throw new RangeError(`a digest has 32 bytes, got ${digest.length}`);
      const call: HttpCall = { method: 'POST', route: `${route}:asymmetricSign`, body: signBody(digest) };
      return persistently(async () => {
        const answer = await ask(call, signAnswer);
        const signature = Buffer.from(answer.signature, 'base64');
        if (!answer.verifiedDigestCrc32c) throw damaged(call, 'says that the digest did not arrive whole');
        if (crc32c(signature) !== Number(answer.signatureCrc32c)) throw damaged(call, 'has a wrong checksum');
        return signature;
      });
    },
  };
}

/** The field is called after SHA-256, but takes any 32 bytes: Cloud KMS hashes nothing by itself. */
function signBody(digest: Uint8Array): object {
  return { digest: { sha256: Buffer.from(digest).toString('base64') }, digestCrc32c: String(crc32c(digest)) };
}

async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const delayMs of retryDelaysMs) {
    try {
      return await attempt();
    } catch (error) {
      // What Google refuses for a reason of its own is the same in half a second.
      if (!(error instanceof CodedError) || !error.retry || error instanceof KeyUnusable) throw error;
    }
    await wait(delayMs * (0.75 + Math.random() / 2));
  }
  return attempt();
}

/** Google refuses the key or us: an operator mends it, the next second does not. */
class KeyUnusable extends CodedError {}

const hints: Readonly<Record<string, string>> = {
  FAILED_PRECONDITION: 'the key version is not enabled',
  NOT_FOUND: 'there is no such key version, check CHAIN_KMS_KEY',
  PERMISSION_DENIED: 'the service account may not use the key',
  UNAUTHENTICATED: 'the access token was refused',
};

/** What Google says besides its status word repeats the key's name; the word says enough. */
function refusal(call: HttpCall, answer: HttpAnswer): CodedError {
  const body = z.object({ error: z.object({ status: z.string().regex(/^[A-Z_]{1,40}$/) }) }).safeParse(answer.json);
  const status = body.success ? body.data.error.status : null;
  const text = `${describeAnswer(vendor, call, answer)}${status === null ? '' : ` ${status}`}`;
  const hint = status === null ? undefined : hints[status];
  if (hint !== undefined) return new KeyUnusable('vendor.unavailable', `${text}: ${hint}`);
  return vendorError(answer.status === 400 ? 'refused' : 'unavailable', text);
}

function damaged(call: HttpCall, how: string): CodedError {
  return vendorError('unavailable', `the answer of ${vendor} ${call.method} ${call.route} ${how}`);
}
