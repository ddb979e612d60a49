import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Core } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { crc32cText } from './crc32c.ts';
import { GoogleError } from './errors.ts';
import { getKey, publicPem, signDigest } from './keys.ts';
import type { KmsKey } from './keys.ts';
import { addMetadataRoutes } from './metadata.ts';
import { readKmsSettings, takeDamage } from './settings.ts';

/** Bytes in Google's JSON: base64, both alphabets are taken. */
const bytes = z.string().regex(/^[A-Za-z0-9+/_-]+={0,2}$/);

const signInput = z.strictObject({
  digest: z.strictObject({ sha256: bytes }),
  // An int64 is text in Google's JSON; a number is taken as well.
  digestCrc32c: z.union([z.string().regex(/^\d+$/), z.number().int().min(0)]).optional(),
});

/** Makes the API of Cloud KMS for signing keys, and the metadata server that a program on Google's machines gets its token from. */
export function createKmsApi(core: Core): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (error instanceof GoogleError) return c.json(error.body, error.code);
    process.stderr.write(`sandbox: kms ${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}\n`);
    return c.json({ error: { code: 500, message: 'Internal error encountered.', status: 'INTERNAL' } }, 500);
  });
  app.notFound((c) => c.html('<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title></html>', 404));
  addMetadataRoutes(app);
  app.use('/v1/*', async (c, next) => {
    if (c.req.header('authorization') !== `Bearer ${SANDBOX_CREDENTIALS.googleAccessToken}`) {
      throw new GoogleError(
        'UNAUTHENTICATED',
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      );
    }
    await next();
  });
  // Google's verbs stand behind a colon, which the router would take for a variable.
  app.get('/v1/projects/*', (c) => {
    const name = nameBefore(c.req.path, '/publicKey');
    return name === undefined ? c.notFound() : c.json(publicKey(core, usableKey(core, name, 'viewPublicKey')));
  });
  app.post('/v1/projects/*', async (c) => {
    const name = nameBefore(c.req.path, ':asymmetricSign');
    if (name === undefined) return c.notFound();
    const key = usableKey(core, name, 'useToSign');
    return c.json(asymmetricSign(core, key, parseJson(await c.req.text())));
  });
  return app;
}

function nameBefore(path: string, verb: string): string | undefined {
  return path.endsWith(verb) ? decodeURIComponent(path.slice('/v1/'.length, -verb.length)) : undefined;
}

/** What may not be used and what is not there answer alike, as Google's APIs do; a key that is switched off says so. */
function usableKey(core: Core, name: string, permission: string): KmsKey {
  const key = getKey(core.store, name);
  if (readKmsSettings(core.store).denied) {
    throw new GoogleError(
      'PERMISSION_DENIED',
      `Permission 'cloudkms.cryptoKeyVersions.${permission}' denied on resource '${name}' (or it may not exist).`,
    );
  }
  if (!key) throw new GoogleError('NOT_FOUND', `CryptoKeyVersion ${name} not found.`);
  if (key.state !== 'ENABLED') {
    throw new GoogleError('FAILED_PRECONDITION', `${name} is not enabled, current state is: ${key.state}.`);
  }
  return key;
}

function publicKey(core: Core, key: KmsKey): object {
  const pem = publicPem(key);
  const checked = takeDamage(core.store, 'key-checksum') ? `${pem} ` : pem;
  return {
    pem,
    algorithm: key.algorithm,
    pemCrc32c: crc32cText(Buffer.from(checked)),
    name: key.name,
    protectionLevel: 'HSM',
  };
}

function asymmetricSign(core: Core, key: KmsKey, body: unknown): object {
  const input = signInput.safeParse(body);
  if (!input.success) throw new GoogleError('INVALID_ARGUMENT', 'Request contains an invalid argument.');
  const digest = Buffer.from(input.data.digest.sha256, 'base64');
  if (digest.length !== 32) {
    throw new GoogleError('INVALID_ARGUMENT', `The digest length must be 32 bytes, got ${String(digest.length)}.`);
  }
  const given = input.data.digestCrc32c;
  if (given !== undefined && String(given) !== crc32cText(digest)) {
    throw new GoogleError(
      'INVALID_ARGUMENT',
      'The checksum in field digest_crc32c did not match the data in field digest.',
    );
  }
  const { store } = core;
  const isForeign = takeDamage(store, 'foreign-signature');
  const signature = signDigest(
    isForeign ? { ...key, privateKey: randomBytes(32).toString('hex') } : key,
    digest,
    readKmsSettings(store).highS,
  );
  const checksum = Number(crc32cText(signature));
  return {
    signature: Buffer.from(signature).toString('base64'),
    signatureCrc32c: String(takeDamage(store, 'signature-checksum') ? checksum ^ 1 : checksum),
    verifiedDigestCrc32c: given !== undefined && !takeDamage(store, 'digest-not-verified'),
    name: key.name,
    protectionLevel: 'HSM',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
