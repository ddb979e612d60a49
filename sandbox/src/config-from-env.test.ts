import { describe, expect, it } from 'vitest';
import { configFromEnv } from './config-from-env.ts';
import { startTestSandbox } from './testing/sandbox.ts';

describe('configuration', () => {
  it('has the development ports unless told otherwise', () => {
    expect(configFromEnv({})).toMatchObject({
      ports: { console: 4700, stripe: 4701, oxio: 4702, sendgrid: 4703, kms: 4704, elevenlabs: 4705, smtp: 4725 },
      stripeWebhook: undefined,
    });
    expect(configFromEnv({ SANDBOX_SMTP_PORT: '14725' }).ports.smtp).toBe(14_725);
  });

  it('names the variable that makes no sense', () => {
    expect(() => configFromEnv({ SANDBOX_OXIO_PORT: 'x' })).toThrow('SANDBOX_OXIO_PORT must be a port, got x');
    expect(() => configFromEnv({ SANDBOX_STRIPE_WEBHOOK_URL: 'http://x' })).toThrow('SANDBOX_STRIPE_WEBHOOK_SECRET');
  });

  it('of a port that is taken makes the start fail, and leaves nothing listening', async () => {
    const first = await startTestSandbox();
    const taken = Number(new URL(first.urls.console).port);
    const ports = { console: taken, stripe: 0, oxio: 0, sendgrid: 0, kms: 0, elevenlabs: 0, smtp: 0 };
    await expect(startTestSandbox({ ports })).rejects.toThrow('EADDRINUSE');
    await first.stop();
    const second = await startTestSandbox({ ports });
    await second.stop();
  });
});
