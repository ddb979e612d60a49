import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { OXIO_PLAN_IDS } from '../../../../sandbox/src/oxio/plans.ts';
import { chainMissing, startTestChain, type TestChain } from '../../support/chain.ts';
import { TEST_PERSON_KEY, TEST_QUOTE_KEYS_TEXT, testServices, type TestServices } from '../../support/services.ts';

const ops = path.resolve(import.meta.dirname, '../../../src/ops');
const appUrl = 'https://app.dotm.test';

let t: TestServices;
beforeAll(async () => {
  t = await testServices({ seeded: true });
});
afterAll(() => t.stop());

interface Run {
  code: number;
  text: string;
  /** Names of the checks that went wrong. */
  wrong: string[];
}

/** Settings of an installation that lacks nothing but the vendors' own addresses: a sandbox plays them. */
function settings(): Record<string, string> {
  return {
    DATABASE_URL: t.databaseUrl,
    STRIPE_SECRET_KEY: SANDBOX_CREDENTIALS.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: 'whsec_one,whsec_two',
    STRIPE_API_BASE: t.sandboxUrls.stripe,
    QUOTE_KEYS: TEST_QUOTE_KEYS_TEXT,
    PERSON_KEY: TEST_PERSON_KEY,
    OXIO_API_KEY: SANDBOX_CREDENTIALS.oxioApiKey,
    OXIO_AUTH_TOKEN: SANDBOX_CREDENTIALS.oxioAuthToken,
    OXIO_API_BASE: t.sandboxUrls.oxio,
    OXIO_PLAN_IDS: JSON.stringify(OXIO_PLAN_IDS),
    SENDGRID_API_KEY: SANDBOX_CREDENTIALS.sendgridApiKey,
    SENDGRID_API_BASE: t.sandboxUrls.sendgrid,
    SMTP_URL: ' ',
    ELEVENLABS_API_KEY: SANDBOX_CREDENTIALS.elevenLabsApiKey.padEnd(16, '0'),
    ELEVENLABS_API_BASE: t.sandboxUrls.elevenlabs,
    MAIL_FROM: 'DOTM <hello@dotm.test>',
    APP_URL: appUrl,
  };
}

/** Runs a command as an operator would, with nothing of this process's own settings. */
function run(command: string, args: string[], env: Record<string, string>): Promise<Run> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], ...env } };
    execFile(process.execPath, [path.join(ops, command), ...args], options, (error, stdout, stderr) => {
      const text = stdout + stderr;
      const wrong = [...text.matchAll(/^WRONG +(.+?)  /gm)].map((match) => match[1] ?? '');
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text, wrong });
    });
  });
}

const sandboxed = ['STRIPE_API_BASE', 'OXIO_API_BASE', 'SENDGRID_API_BASE', 'ELEVENLABS_API_BASE'];
/** The test database is a small one. */
const expected = [...sandboxed, 'connections'];

describe('stripe-webhook', () => {
  it('says what it would do, does it once, and leaves alone what is as it must be', async () => {
    const rehearsed = await run('stripe-webhook.ts', ['--dry-run'], settings());
    expect(rehearsed.text).toContain('has no webhook endpoint');
    const made = await run('stripe-webhook.ts', [], settings());
    expect(made.text).toMatch(/made we_\w+ for https:\/\/app\.dotm\.test\/webhooks\/stripe with 17 events/);
    expect(made.text).toMatch(/whsec_\w{32}/);
    const again = await run('stripe-webhook.ts', [], settings());
    expect(again.text).toContain('gets the 17 events that we handle');
  });
});

describe('preflight', () => {
  it('finds nothing to put right in an installation that lacks nothing', async () => {
    const { wrong, text, code } = await run('preflight.ts', ['--mail', 'ops@dotm.test'], settings());
    expect(wrong).toEqual(expected);
    expect(code).toBe(1);
    expect(text).toMatch(/migrations +all \d+ have run/);
    for (const seen of ['every plan of OXIO_PLAN_IDS exists', 'gets exactly the events', 'took mai_'])
      expect(text).toContain(seen);
    expect(await t.control.mail({ to: 'ops@dotm.test' })).toHaveLength(1);
  });

  it('never shows a secret', async () => {
    const { text } = await run('preflight.ts', [], { ...settings(), STRIPE_WEBHOOK_SECRET: 'hush-hush' });
    for (const secret of [
      'hush-hush',
      SANDBOX_CREDENTIALS.stripeSecretKey,
      SANDBOX_CREDENTIALS.oxioAuthToken,
      SANDBOX_CREDENTIALS.sendgridApiKey,
      new URL(t.databaseUrl).password + '@',
    ])
      expect(text).not.toContain(secret);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a key of another kind', { STRIPE_SECRET_KEY: 'pk_test_1' }, ['STRIPE_SECRET_KEY', 'Stripe webhook']],
    ['a webhook secret that is none', { STRIPE_WEBHOOK_SECRET: 'we_123' }, ['STRIPE_WEBHOOK_SECRET']],
    ['another web app', { APP_URL: 'https://other.dotm.test' }, ['Stripe webhook']],
    ['a web app without https', { APP_URL: 'http://app.dotm.test' }, ['APP_URL', 'Stripe webhook']],
    ['App Check off', { APP_CHECK_REQUIRED: 'false' }, ['APP_CHECK_REQUIRED']],
    ['the example as sender', { MAIL_FROM: 'DOTM <hello@dotm.example>' }, ['MAIL_FROM']],
    ['a quote key that is too short', { QUOTE_KEYS: '{"k1":"AAAA"}' }, ['QUOTE_KEYS']],
    ['no way to send mail', { SENDGRID_API_KEY: ' ' }, ['SENDGRID_API_KEY']],
    ['credentials that OXIO refuses', { OXIO_AUTH_TOKEN: 'other' }, ['OXIO']],
    ['no plans', { OXIO_PLAN_IDS: '{}' }, ['plans of products']],
    [
      'a plan that is no plan',
      { OXIO_PLAN_IDS: JSON.stringify({ ...OXIO_PLAN_IDS, esim_starter: 'starter' }) },
      ['OXIO_PLAN_IDS', 'OXIO plans'],
    ],
    [
      'a plan that the brand has not',
      { OXIO_PLAN_IDS: JSON.stringify({ ...OXIO_PLAN_IDS, esim_starter: '00000000-0000-4000-8000-000000000000' }) },
      ['OXIO plans'],
    ],
    ['a deadline that is none', { ORDER_DEADLINE_MINUTES: '0' }, ['ORDER_DEADLINE_MINUTES']],
  ])('names %s, and only that', async (_, change, found) => {
    const { wrong } = await run('preflight.ts', [], { ...settings(), ...change });
    expect(new Set(wrong)).toEqual(new Set([...expected, ...found]));
  });

  it('names a database that cannot be reached, and goes on', async () => {
    const change = { DATABASE_URL: 'postgresql://dotm:dotm@127.0.0.1:1/dotm' };
    const { wrong } = await run('preflight.ts', [], { ...settings(), ...change });
    expect(wrong).toEqual(expect.arrayContaining(['database', 'plans of products']));
  });

  it('names migrations that have not run', async () => {
    await t.db.query('update schema_version set version = -version where version = 2');
    const { wrong, text } = await run('preflight.ts', [], settings());
    await t.db.query('update schema_version set version = 2 where version = -2');
    expect(wrong).toEqual([...expected, 'migrations']);
    expect(text).toMatch(/1 of \d+ have not run: 2/);
  });

  it('names every setting of an installation that has none', async () => {
    const { wrong } = await run('preflight.ts', [], {});
    expect(wrong).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'STRIPE_SECRET_KEY', 'OXIO_API_KEY', 'SENDGRID_API_KEY', 'APP_URL']),
    );
  });

  it('lists what Secret Manager must hold', async () => {
    const { text } = await run('preflight.ts', ['--secrets'], {});
    expect(text.trim().split('\n').toSorted()).toEqual([
      'CHAIN_RPC_URL',
      'CHAIN_SIGNER_KEY',
      'DATABASE_URL',
      'ELEVENLABS_API_KEY',
      'OXIO_API_KEY',
      'OXIO_AUTH_TOKEN',
      'PERSON_KEY',
      'QUOTE_KEYS',
      'SENDGRID_API_KEY',
      'SMTP_URL',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ]);
  });
});

describe.skipIf(chainMissing !== null)('preflight of what pays rewards', () => {
  let chain: TestChain;
  beforeAll(async () => {
    chain = await startTestChain({ automine: true });
  });
  afterAll(() => chain.stop());

  /** As the settings of an installation that signs with Cloud KMS and finds it by Google's own settings. */
  const onChain = () => ({
    ...settings(),
    CHAIN_ID: String(chain.settings.chainId),
    CHAIN_RPC_URL: chain.rpcUrl,
    CHAIN_TOKEN: chain.settings.token,
    CHAIN_DISTRIBUTOR: chain.settings.distributor,
    CHAIN_START_BLOCK: '1',
    CHAIN_KMS_KEY: SANDBOX_CREDENTIALS.kmsKeyVersion,
    KMS_API_BASE: t.sandboxUrls.kms,
    METADATA_SERVER_DETECTION: 'assume-present',
    GCE_METADATA_HOST: new URL(t.sandboxUrls.kms).host,
  });
  /** What was found wrong of all that pays rewards; the settings themselves are a local chain's, and are told so. */
  const ofPaying = (wrong: readonly string[]) =>
    wrong.filter((name) => ['rewards on chain', 'chain', 'contracts', 'key that pays', 'ether for gas'].includes(name));

  it('names the address of the key and finds its role, its ether and the contracts in order', async () => {
    const { wrong, text } = await run('preflight.ts', [], onChain());
    expect(ofPaying(wrong)).toEqual([]);
    expect(text).toMatch(/key that pays +0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc is operator/);
    expect(text).toContain('not paused, 100000 DOTM a day');
  });

  it('says which address the admin must grant, and that it needs ether, when the key is a new one', async () => {
    const name = SANDBOX_CREDENTIALS.kmsKeyVersion.replace('/1', '/9');
    await t.control.call('POST', '/kms/keys', { name });
    const { wrong, text } = await run('preflight.ts', [], { ...onChain(), CHAIN_KMS_KEY: name });
    expect(ofPaying(wrong)).toEqual(['key that pays', 'ether for gas']);
    expect(text).toMatch(/grant-operator 0x[0-9a-f]{40}/);
  });

  it('names a contract that is not there, and a key that is disabled', async () => {
    const name = SANDBOX_CREDENTIALS.kmsKeyVersion.replace('/1', '/8');
    await t.control.call('POST', '/kms/keys', { name });
    await t.control.call('POST', '/kms/keys/state', { name, state: 'DISABLED' });
    const elsewhere = { CHAIN_DISTRIBUTOR: `0x${'1'.repeat(40)}`, CHAIN_KMS_KEY: name };
    const { wrong, text } = await run('preflight.ts', [], { ...onChain(), ...elsewhere });
    expect(ofPaying(wrong)).toEqual(['contracts', 'key that pays']);
    expect(text).toContain('the key version is not enabled');
  });

  it('says that rewards wait where no chain is set up', async () => {
    const { wrong, text } = await run('preflight.ts', [], settings());
    expect(ofPaying(wrong)).toEqual([]);
    expect(text).toMatch(/rewards on chain +CHAIN_ID is empty/);
  });
});
