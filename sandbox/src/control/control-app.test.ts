import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlError } from '../control-client.ts';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';

describe('the control API', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.stop());

  it('tells the state of every stand-in', async () => {
    const state = await sandbox.control.state();
    expect(state.vendors.map((vendor) => vendor.name)).toEqual(expect.arrayContaining(['oxio', 'sendgrid']));
    expect(state.urls.smtp).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
    for (const vendor of state.vendors) expect(vendor.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['/faults', { vendor: 'oxio', kind: 'explode' }, 'kind'],
    ['/faults', { vendor: 'nobody', kind: 'hang' }, 'vendor'],
    ['/faults', { vendor: 'oxio', kind: 'hang', tmies: 3 }, 'tmies'],
    ['/faults', { vendor: 'oxio', kind: 'hang', path: 'v2' }, 'path'],
    ['/clock', {}, 'advanceSeconds'],
    ['/clock', { set: 'yesterday' }, 'set'],
    ['/oxio/settings', { numberDelaySeconds: -1 }, 'numberDelaySeconds'],
  ])('answers 400 and names the field for bad input to %s (%o)', async (path, body, field) => {
    const refused = await sandbox.control.call('POST', path, body).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ControlError);
    expect(refused).toMatchObject({ status: 400, field });
  });

  it('answers 400 for a body that is not JSON, 404 for what is not there', async () => {
    const broken = await fetch(`${sandbox.urls.console}/control/clock`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
    for (const path of ['/nothing', '/mail/mail_0', '/oxio/nothing']) {
      const answer = await fetch(`${sandbox.urls.console}/control${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    await expect(sandbox.control.setWebhookMode('oxio', 'hold')).rejects.toMatchObject({ status: 404 });
    await expect(sandbox.control.resendWebhook('whd_0')).rejects.toMatchObject({ status: 404 });
  });

  it('moves the clock, and reset sets it right and empties everything', async () => {
    expect((await sandbox.control.advanceClock(3_600)).offsetSeconds).toBe(3_600);
    await sandbox.control.addFault({ vendor: 'smtp', kind: 'status' });
    await sandbox.control.setOxio({ stockEmpty: true });
    await sandbox.control.reset();
    const state = await sandbox.control.state();
    expect(state).toMatchObject({ offsetSeconds: 0, faults: [], mail: 0 });
    expect(await sandbox.control.call('GET', '/oxio/settings')).toMatchObject({ stockEmpty: false });
  });
});
