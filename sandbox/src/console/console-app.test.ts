import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';
import { addMail } from '../mail/inbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const get = (path: string) => fetch(sandbox.urls.console + path);
const post = (path: string, form: Record<string, string>, origin = sandbox.urls.console) =>
  fetch(sandbox.urls.console + path, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    redirect: 'manual',
  });

describe('the console', () => {
  it.each(['/', '/calls', '/webhooks', '/faults', '/carrier', '/clock', '/mail'])('shows %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>');
  });

  it('plans and removes a fault by form, and gives a bad one back with the reason', async () => {
    const form = { vendor: 'oxio', kind: 'status', status: '503', path: '/v2/*', method: '', times: '2' };
    expect((await post('/faults', form)).status).toBe(303);
    const [fault] = await sandbox.control.faults();
    expect(fault).toMatchObject({ vendor: 'oxio', status: 503, times: 2, path: '/v2/*' });
    expect(await (await get('/faults')).text()).toContain('/v2/*');
    await post(`/faults/${fault?.id}/remove`, {});
    expect(await sandbox.control.faults()).toEqual([]);
    const refused = await post('/faults', { ...form, path: 'bad' });
    expect(refused.headers.get('location')).toMatch(/^\/faults\?.*status=503.*problem=path/);
  });

  it('cannot be steered by a form on another site', async () => {
    expect((await post('/reset', {}, 'https://evil.example')).status).toBe(403);
  });

  it('moves the clock and changes the carrier by form', async () => {
    await post('/clock', { advanceSeconds: '86400' });
    expect((await sandbox.control.clock()).offsetSeconds).toBe(86_400);
    await post('/clock', { real: '1' });
    expect((await sandbox.control.clock()).offsetSeconds).toBe(0);
    const numbers = {
      numberDelaySeconds: '5',
      activationDelaySeconds: '6',
      activationCodeDelaySeconds: '7',
      latencyMs: '0',
    };
    await post('/carrier', { ...numbers, refuseLines: 'on' });
    const settings = await sandbox.control.call('GET', '/oxio/settings');
    expect(settings).toMatchObject({ numberDelaySeconds: 5, activationCodeDelaySeconds: 7, refuseLines: { code: 3 } });
  });

  it('shows a mail harmlessly: pictures put in, script and forms forbidden, names escaped', async () => {
    const mail = addMail(sandbox.core.store, {
      at: new Date().toISOString(),
      via: 'smtp',
      messageId: null,
      from: 'a@example.com',
      to: ['b@example.com'],
      cc: [],
      bcc: [],
      replyTo: null,
      subject: '<script>alert(1)</script>',
      text: 'plain',
      html: '<img src="cid:qr"><script>alert(1)</script>',
      headers: {},
      attachments: [
        { filename: 'qr.png', contentType: 'image/png', cid: 'qr', inline: true, size: 1, content: 'AA==' },
      ],
    });
    const page = await (await get(`/mail/${mail.id}`)).text();
    expect(page).not.toContain('<script>alert(1)</script>');
    const body = await get(`/mail/${mail.id}/html`);
    expect(await body.text()).toContain('<img src="data:image/png;base64,AA==">');
    expect(body.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await get(`/mail/${mail.id}/files/0`)).headers.get('content-disposition')).toContain('qr.png');
    expect((await get('/mail/mail_none')).status).toBe(404);
  });
});
