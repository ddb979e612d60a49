import { describe, expect, it } from 'vitest';
import { Calls, MAX_CALLS } from './calls.ts';
import { maskBody } from './masking.ts';
import { openStore } from './store.ts';
import { startTestSandbox } from '../testing/sandbox.ts';

describe('the call journal', () => {
  it('never stores the authorization, and masks secrets in bodies', async () => {
    const sandbox = await startTestSandbox();
    await fetch(`${sandbox.urls.sendgrid}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: 'Bearer SG.very-secret', 'content-type': 'application/json' },
      body: JSON.stringify({ subject: 'shown', apiKey: 'SG.very-secret' }),
    });
    const [call] = await sandbox.control.calls();
    expect(call).toMatchObject({ vendor: 'sendgrid', method: 'POST', path: '/v3/mail/send', status: 401, fault: null });
    expect(call?.requestBody).toContain('shown');
    expect(JSON.stringify(call)).not.toContain('very-secret');
    await sandbox.stop();
  });

  it('keeps only the newest calls', () => {
    const store = openStore(':memory:');
    const calls = new Calls(store);
    const call = { at: '', vendor: 'oxio', method: 'GET', path: '/', query: '', requestHeaders: {}, requestBody: '' };
    store.transaction(() => {
      for (let n = 0; n < MAX_CALLS + 100; n++) {
        calls.record({ ...call, status: n, responseBody: '', ms: 0, fault: null });
      }
    });
    expect(calls.count('oxio')).toBe(MAX_CALLS);
    expect(calls.list({ limit: 1 })[0]?.status).toBe(MAX_CALLS + 99);
  });
});

describe('masking', () => {
  it('hides card numbers, codes and secrets in forms and JSON, and leaves the rest readable', () => {
    const form = maskBody(
      'card[number]=4242424242424242&card[cvc]=123&amount=100',
      'application/x-www-form-urlencoded',
    );
    expect(form).toBe('card[number]=[masked]\ncard[cvc]=[masked]\namount=100');
    const json = maskBody('{"client_secret":"cs","inner":[{"number":"4242"}],"name":"Ada"}', 'application/json');
    expect(JSON.parse(json)).toEqual({ client_secret: '[masked]', inner: [{ number: '[masked]' }], name: 'Ada' });
  });

  it('cuts long bodies and leaves broken JSON as it came', () => {
    expect(maskBody('x'.repeat(30_000), 'text/plain').length).toBeLessThan(21_000);
    expect(maskBody('{broken', 'application/json')).toBe('{broken');
  });
});
