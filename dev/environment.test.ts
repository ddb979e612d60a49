import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { functionsEnvironment, toDotenv } from './environment.ts';
import { devPorts } from './ports.ts';

const DATABASE = 'postgresql://dotm:dotm@127.0.0.1:54320/dotm';

describe('what the functions see in development', () => {
  it('the local chain pays rewards, unless the developer names another one', () => {
    const chain = { rpcUrl: 'http://127.0.0.1:4545', chainId: 31_337, token: '0x1', distributor: '0x2' };
    const { settings, secrets } = functionsEnvironment(devPorts, DATABASE, {}, chain);
    expect(settings).toMatchObject({ CHAIN_ID: '31337', CHAIN_TOKEN: '0x1', CHAIN_DISTRIBUTOR: '0x2' });
    expect(secrets['CHAIN_RPC_URL']).toBe(chain.rpcUrl);
    expect(settings['CHAIN_SIGNER_KEY']).toBeUndefined();
    const other = functionsEnvironment(devPorts, DATABASE, { CHAIN_ID: '11155111' }, chain);
    expect(other.settings['CHAIN_ID']).toBe('11155111');
    expect(other.secrets['CHAIN_SIGNER_KEY']).toBe(' ');
  });

  it('without a key every vendor is the sandbox', () => {
    const { settings, vendors } = functionsEnvironment(devPorts, DATABASE, {});
    expect(vendors).toEqual({ stripe: 'sandbox', oxio: 'sandbox', mail: 'sandbox', voice: 'sandbox' });
    expect(settings['STRIPE_API_BASE']).toBe('http://127.0.0.1:4701');
    expect(settings['OXIO_API_BASE']).toBe('http://127.0.0.1:4702');
    expect(settings['SENDGRID_API_BASE']).toBe('http://127.0.0.1:4703');
  });

  it('a vendor whose key is given is the real one, and no other', () => {
    const { settings, secrets, vendors } = functionsEnvironment(devPorts, DATABASE, {
      STRIPE_SECRET_KEY: 'sk_test_mine',
      STRIPE_WEBHOOK_SECRET: 'whsec_mine',
    });
    expect(vendors).toEqual({ stripe: 'real', oxio: 'sandbox', mail: 'sandbox', voice: 'sandbox' });
    expect(secrets['STRIPE_SECRET_KEY']).toBe('sk_test_mine');
    expect(settings).not.toHaveProperty('STRIPE_API_BASE');
  });

  it('an SMTP server of the developer sends the mails', () => {
    const { secrets, vendors } = functionsEnvironment(devPorts, DATABASE, { SMTP_URL: 'smtp://mail.example' });
    expect(vendors.mail).toBe('real');
    expect(secrets['SMTP_URL']).toBe('smtp://mail.example');
  });

  it('no secret is empty, because the emulator would ask Google for it', () => {
    const { secrets } = functionsEnvironment(devPorts, DATABASE, {});
    expect(Object.values(secrets).filter((value) => value === '')).toEqual([]);
  });

  it('a developer cannot point the functions at another database by accident', () => {
    const { secrets } = functionsEnvironment(devPorts, DATABASE, { DATABASE_URL: 'postgresql://production' });
    expect(secrets['DATABASE_URL']).toBe(DATABASE);
  });

  it('firebase-tools reads back every value as it was written', () => {
    const values = {
      PLAN: '{"a":"b \\\\ c"}',
      BLANK: ' ',
      LINES: 'one\ntwo',
      QUOTE: `it's "so"`,
      URL: 'smtp://a:b%20c@d#e',
    };
    const { parseStrict } = createRequire(import.meta.url)('firebase-tools/lib/functions/env') as {
      parseStrict: (text: string) => Record<string, string>;
    };
    expect(parseStrict(toDotenv(values))).toEqual(values);
  });
});
