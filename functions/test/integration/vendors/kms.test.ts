import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Transaction, verifyTypedData, Wallet } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { startTestSandbox, type TestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import { distributeCall, hashOfRaw, packEntries } from '../../../src/vendors/chain/contracts.ts';
import { readDerSignature, secp256k1Order } from '../../../src/vendors/chain/ecdsa-der.ts';
import { openKmsKey, type KmsKeyOptions } from '../../../src/vendors/chain/kms-key.ts';
import { createKmsSigner } from '../../../src/vendors/chain/kms-signer.ts';
import { createLocalSigner } from '../../../src/vendors/chain/local-signer.ts';
import type { Hex } from '../../../src/vendors/chain/port.ts';
import type { TransactionFields } from '../../../src/vendors/chain/signer.ts';
import { chainMissing, startTestChain } from '../../support/chain.ts';

const { googleAccessToken, kmsKeyVersion, kmsPrivateKey } = SANDBOX_CREDENTIALS;
const otherKeyVersion = kmsKeyVersion.replace('reward-operator', 'other');
const someone = '0x00000000000000000000000000000000000d07a0';
const operator = new Wallet(`0x${kmsPrivateKey}`).address.toLowerCase();

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.control.reset();
});

function options(change: Partial<KmsKeyOptions> = {}): KmsKeyOptions {
  return {
    keyVersion: kmsKeyVersion,
    apiBase: sandbox.urls.kms,
    accessToken: async () => googleAccessToken,
    ...change,
  };
}

const kms = (path: 'settings' | 'keys' | 'keys/state', body: object) =>
  sandbox.control.call<{ name: string }>('POST', `/kms/${path}`, body);
const signCalls = async () =>
  (await sandbox.control.calls({ vendor: 'kms' })).filter((it) => it.path.endsWith(':asymmetricSign'));
const payment: TransactionFields = {
  chainId: 31_337,
  nonce: 7,
  to: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
  data: '0x1234',
  gasLimit: 5_000_000n,
  maxFeeWei: 30_000_000_000n,
  tipWei: 1_000_000_000n,
};
const domain = { name: 'DOTM', version: '1', chainId: 31_337 };
const types = { Statement: [{ name: 'text', type: 'string' }] };

describe('a key in Cloud KMS', () => {
  it('has the address that its public key gives, and is asked for it once', async () => {
    const signer = createKmsSigner(options());
    expect(await signer.address()).toBe(operator);
    await signer.signTransaction(payment);
    expect(await signer.address()).toBe(operator);
    const asked = (await sandbox.control.calls({ vendor: 'kms' })).filter((it) => it.path.endsWith('/publicKey'));
    expect(asked).toHaveLength(1);
  });

  it('signs the same transaction as a private key at hand would, but for the signature', async () => {
    const [fromKms, fromHand] = await Promise.all(
      [createKmsSigner(options()), createLocalSigner(`0x${kmsPrivateKey}`)].map(async (signer) =>
        Transaction.from(await signer.signTransaction(payment)),
      ),
    );
    expect(fromKms?.unsignedSerialized).toBe(fromHand?.unsignedSerialized);
    expect(fromKms?.from).toBe(fromHand?.from);
    expect(fromKms?.type).toBe(2);
  });

  it('gives out high and low signatures, and each of them leads back to the right address', async () => {
    const { name } = await kms('keys', { name: otherKeyVersion });
    // Many at once on a busy machine: what is looked at here is not how fast it is.
    const patient = options({ keyVersion: name, timeoutMs: 60_000 });
    const [key, signer] = [openKmsKey(patient), createKmsSigner(patient)];
    const address = await signer.address();
    expect(address).not.toBe(operator);
    const halves = { high: 0, low: 0 };
    const many = Array.from({ length: 100 }, async () => {
      const { s } = readDerSignature(await key.sign(randomBytes(32)));
      halves[s > secp256k1Order / 2n ? 'high' : 'low'] += 1;
    });
    await Promise.all(many);
    expect(Math.min(halves.high, halves.low)).toBeGreaterThan(20);

    for (const highS of ['chance', 'always', 'never']) {
      await kms('settings', { highS });
      for (let round = 0; round < 3; round++) {
        await Promise.all(
          Array.from({ length: 50 }, async (_, index) => {
            const data: Hex = `0x${randomBytes(index).toString('hex')}`;
            if (index % 2 === 0) {
              const raw = await signer.signTransaction({ ...payment, nonce: round * 50 + index, data });
              // Reading it refuses a signature with a high s.
              expect(Transaction.from(raw).from?.toLowerCase()).toBe(address);
            } else {
              const signature = await signer.signTypedData(domain, types, { text: data });
              expect(verifyTypedData(domain, types, { text: data }, signature).toLowerCase()).toBe(address);
            }
          }),
        );
      }
    }
  });

  it('gets its token from where Google’s library finds one: the service account of the machine', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
    vi.stubEnv('GCE_METADATA_HOST', new URL(sandbox.urls.kms).host);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
    vi.stubEnv('CLOUDSDK_CONFIG', '/nowhere');
    const signer = createKmsSigner({ keyVersion: kmsKeyVersion, apiBase: sandbox.urls.kms });
    await signer.signTransaction(payment);
    await signer.signTransaction(payment);
    const tokens = (await sandbox.control.calls({ vendor: 'kms' })).filter((it) => it.path.endsWith('/token'));
    expect(tokens).toHaveLength(1);
  });

  it('without any Google credentials is out of reach, and says where to look', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined);
    vi.stubEnv('CLOUDSDK_CONFIG', '/nowhere');
    const signer = createKmsSigner({ keyVersion: kmsKeyVersion, apiBase: sandbox.urls.kms });
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable', message: /service account/ });
  });

  it('must be named as a key version', () => {
    const name = kmsKeyVersion.replace(/\/cryptoKeyVersions.*/, '');
    expect(() => createKmsSigner(options({ keyVersion: name }))).toThrow('CHAIN_KMS_KEY');
  });
});

describe.skipIf(chainMissing !== null)(
  `on a chain${chainMissing === null ? '' : ` (skipped: ${chainMissing})`}`,
  () => {
    it('its payment is taken, and the members have their tokens', async () => {
      const chain = await startTestChain({ automine: true });
      try {
        const signer = createKmsSigner(options());
        expect(await chain.port.isOperator(await signer.address())).toBe(true);
        for (const [nonce, highS] of (['always', 'never', 'chance'] as const).entries()) {
          await kms('settings', { highS });
          const words = packEntries([{ address: someone, amountMicro: 2_066_000n }]);
          const raw = await signer.signTransaction({
            chainId: chain.port.chainId,
            nonce,
            to: chain.settings.distributor,
            data: distributeCall(BigInt(nonce), words),
            gasLimit: 500_000n,
            maxFeeWei: chain.settings.maxFeeWei,
            tipWei: 1_000_000_000n,
          });
          expect(await chain.port.sendRaw(raw)).toBe('taken');
          expect(await chain.port.receiptOf(hashOfRaw(raw))).toMatchObject({ succeeded: true });
        }
        expect(await chain.balanceOf(someone)).toBe(3n * 2_066_000n * 10n ** 12n);
      } finally {
        await chain.stop();
      }
    });
  },
);

describe('a damaged answer', () => {
  it.each(['signature-checksum', 'digest-not-verified'])('(%s) is asked for again', async (damage) => {
    await kms('settings', { damage, damageTimes: 2 });
    const signer = createKmsSigner(options());
    const raw = await signer.signTransaction(payment);
    expect(Transaction.from(raw).from?.toLowerCase()).toBe(operator);
    expect(await signCalls()).toHaveLength(3);
  });

  it.each(['signature-checksum', 'digest-not-verified'])('(%s) that stays so becomes no signature', async (damage) => {
    await kms('settings', { damage });
    const signing = createKmsSigner(options()).signTransaction(payment);
    await expect(signing).rejects.toMatchObject({ code: 'vendor.unavailable', retry: true });
    expect(await signCalls()).toHaveLength(3);
  });

  it('with a wrong checksum of the public key gives no address, and the next question does', async () => {
    await kms('settings', { damage: 'key-checksum', damageTimes: 1 });
    const signer = createKmsSigner(options());
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable', message: /wrong checksum/ });
    expect(await signer.address()).toBe(operator);
  });

  it('with another key’s signature is never given out', async () => {
    await kms('settings', { damage: 'foreign-signature' });
    const signer = createKmsSigner(options());
    const refusal = { code: 'vendor.unavailable', message: /does not lead back to its own key/ };
    await expect(signer.signTransaction(payment)).rejects.toMatchObject(refusal);
    await expect(signer.signTypedData(domain, types, { text: 'x' })).rejects.toMatchObject(refusal);
  });
});

describe('a key service that refuses', () => {
  it('because the key is switched off says so at once, and signs when it is on again', async () => {
    const signer = createKmsSigner(options());
    await signer.address();
    await kms('keys/state', { name: kmsKeyVersion, state: 'DISABLED' });
    await expect(signer.signTransaction(payment)).rejects.toMatchObject({
      code: 'vendor.unavailable',
      retry: true,
      message: /FAILED_PRECONDITION: the key version is not enabled/,
    });
    expect(await signCalls()).toHaveLength(1);
    await kms('keys/state', { name: kmsKeyVersion, state: 'ENABLED' });
    expect(await signer.signTransaction(payment)).toMatch(/^0x02/);
  });

  it('because we may not use the key says so at once', async () => {
    await kms('settings', { denied: true });
    await expect(createKmsSigner(options()).address()).rejects.toMatchObject({
      code: 'vendor.unavailable',
      message: /PERMISSION_DENIED: the service account may not use the key/,
    });
  });

  it('because there is no such key names the setting', async () => {
    const signer = createKmsSigner(options({ keyVersion: otherKeyVersion }));
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable', message: /CHAIN_KMS_KEY/ });
  });

  it('because the token is none of Google’s is out of reach', async () => {
    const signer = createKmsSigner(options({ accessToken: async () => 'expired' }));
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable', message: /UNAUTHENTICATED/ });
  });

  it('a key of another curve says which one to make', async () => {
    const { name } = await kms('keys', { name: otherKeyVersion, algorithm: 'EC_SIGN_P256_SHA256' });
    await expect(createKmsSigner(options({ keyVersion: name })).address()).rejects.toMatchObject({
      code: 'vendor.unavailable',
      message: /EC_SIGN_P256_SHA256: make one for EC_SIGN_SECP256K1_SHA256/,
    });
  });

  it('is asked again when it is busy, three times in all', async () => {
    const signer = createKmsSigner(options());
    await signer.address();
    await sandbox.control.addFault({ vendor: 'kms', kind: 'status', status: 503, method: 'POST', times: 2 });
    expect(await signer.signTransaction(payment)).toMatch(/^0x02/);
    await sandbox.control.addFault({ vendor: 'kms', kind: 'status', status: 503, method: 'POST', times: 5 });
    await expect(signer.signTransaction(payment)).rejects.toMatchObject({ code: 'vendor.unavailable', retry: true });
    expect(await signCalls()).toHaveLength(6);
  });

  it('that answers nothing in time, or a page of HTML, is out of reach', async () => {
    await sandbox.control.addFault({ vendor: 'kms', kind: 'hang', times: 9 });
    const signer = createKmsSigner(options({ timeoutMs: 200 }));
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable', message: /within 200 ms/ });
    await sandbox.control.clearFaults();
    await sandbox.control.addFault({ vendor: 'kms', kind: 'status', status: 200, html: true, times: 9 });
    await expect(signer.address()).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });

  it('leaves neither token nor signature nor digest in an error', async () => {
    const signer = createKmsSigner(options());
    await signer.address();
    for (const damage of ['foreign-signature', 'signature-checksum']) {
      await kms('settings', { damage });
      const error: unknown = await signer.signTransaction(payment).catch((thrown: unknown) => thrown);
      const text = inspect(error, { depth: 9 });
      expect(text).not.toContain(googleAccessToken);
      expect(text).not.toMatch(/0x[0-9a-f]{16}|[A-Za-z0-9+]{30,}/);
    }
  });
});
