import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startTestSandbox, type TestSandbox } from '../testing/sandbox.ts';
import { crc32cText } from './crc32c.ts';

const { googleAccessToken, kmsKeyVersion } = SANDBOX_CREDENTIALS;
const digest = Buffer.alloc(32, 7);

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.reset());

async function ask(
  path: string,
  body?: object,
  token: string = googleAccessToken,
): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${sandbox.urls.kms}/v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

const sign = (change: object = {}) =>
  ask(`${kmsKeyVersion}:asymmetricSign`, { digest: { sha256: digest.toString('base64') }, ...change });

describe('the stand-in for Cloud KMS', () => {
  it('signs what the public key verifies, with the checksums that Google sends', async () => {
    const [, key] = await ask(`${kmsKeyVersion}/publicKey`);
    expect(key).toMatchObject({ name: kmsKeyVersion, algorithm: 'EC_SIGN_SECP256K1_SHA256', protectionLevel: 'HSM' });
    expect(key['pemCrc32c']).toBe(crc32cText(Buffer.from(String(key['pem']))));
    // Node hashes by itself what it verifies: the digest is made of something, so that it may.
    const text = Buffer.from('signed');
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', text));
    const [status, answer] = await sign({
      digest: { sha256: sha256.toString('base64') },
      digestCrc32c: crc32cText(sha256),
    });
    expect(status).toBe(200);
    const signature = Buffer.from(String(answer['signature']), 'base64');
    expect(answer).toMatchObject({
      name: kmsKeyVersion,
      verifiedDigestCrc32c: true,
      signatureCrc32c: crc32cText(signature),
    });
    expect(verify('sha256', text, createPublicKey(String(key['pem'])), signature)).toBe(true);
  });

  it('says that it has not checked a digest which came without a checksum', async () => {
    expect((await sign())[1]['verifiedDigestCrc32c']).toBe(false);
  });

  it.each<[string, object]>([
    ['a checksum that is another one’s', { digestCrc32c: '1' }],
    ['a digest that is too short', { digest: { sha256: 'AAAA' } }],
    ['no digest', { digest: {} }],
    ['a field that there is none of', { data: 'AAAA' }],
  ])('refuses %s as Google does', async (_, change) => {
    const [status, answer] = await sign(change);
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
  });

  it('lets nobody in without a token, and has one for whoever asks as a program of Google’s does', async () => {
    expect(await ask(`${kmsKeyVersion}/publicKey`, undefined, 'other')).toMatchObject([
      401,
      { error: { status: 'UNAUTHENTICATED' } },
    ]);
    const url = `${sandbox.urls.kms}/computeMetadata/v1/instance/service-accounts/default/token`;
    expect((await fetch(url)).status).toBe(403);
    const answer = await fetch(url, { headers: { 'metadata-flavor': 'Google' } });
    expect(await answer.json()).toMatchObject({ access_token: googleAccessToken, token_type: 'Bearer' });
  });

  it('keeps the key of local worlds through a reset, and forgets the others', async () => {
    const name = kmsKeyVersion.replace('reward-operator', 'other');
    await sandbox.control.call('POST', '/kms/keys', { name });
    expect((await ask(`${name}/publicKey`))[0]).toBe(200);
    await sandbox.control.reset();
    expect(await ask(`${name}/publicKey`)).toMatchObject([404, { error: { status: 'NOT_FOUND' } }]);
    expect((await ask(`${kmsKeyVersion}/publicKey`))[0]).toBe(200);
  });

  it('never tells a private key, neither to callers nor to control', async () => {
    const made = await sandbox.control.call('POST', '/kms/keys', { name: kmsKeyVersion.replace('/1', '/2') });
    expect(JSON.stringify(made)).not.toMatch(/privateKey|[0-9a-f]{64}/);
  });
});
