import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';

const MAIL = {
  personalizations: [{ to: [{ email: 'ada@example.com', name: 'Ada' }] }],
  from: { email: 'hello@dotm.example', name: 'DOTM' },
  subject: 'Your eSIM',
  content: [
    { type: 'text/plain', value: 'Scan' },
    { type: 'text/html', value: '<img src="cid:qr">' },
  ],
};

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.reset());

const send = (mail: unknown, key: string = SANDBOX_CREDENTIALS.sendgridApiKey) =>
  fetch(`${sandbox.urls.sendgrid}/v3/mail/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(mail),
  });

describe('SendGrid', () => {
  it('takes a mail with 202 and a message id, and puts it in the inbox with its parts', async () => {
    const file = {
      content: btoa('picture'),
      filename: 'qr.png',
      type: 'image/png',
      disposition: 'inline',
      content_id: 'qr',
    };
    const answer = await send({ ...MAIL, attachments: [file], headers: { 'X-Order': 'ord_1' } });
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe('');
    const [summary] = await sandbox.control.mail({ to: 'ada@example.com' });
    const mail = await sandbox.control.readMail(summary?.id ?? '');
    expect(mail).toMatchObject({
      via: 'sendgrid',
      messageId: answer.headers.get('x-message-id'),
      from: 'DOTM <hello@dotm.example>',
      to: ['Ada <ada@example.com>'],
      text: 'Scan',
      html: '<img src="cid:qr">',
      headers: { 'x-order': 'ord_1' },
      attachments: [{ cid: 'qr', inline: true, size: 7 }],
    });
  });

  it('sends one mail per personalization, and none in its own sandbox mode', async () => {
    const personalizations = ['a@example.com', 'b@example.com'].map((email) => ({ to: [{ email }] }));
    expect((await send({ ...MAIL, personalizations })).status).toBe(202);
    expect((await send({ ...MAIL, mail_settings: { sandbox_mode: { enable: true } } })).status).toBe(200);
    expect(await sandbox.control.mail()).toHaveLength(2);
  });

  it('keeps the same mail twice when it is sent twice', async () => {
    await send(MAIL);
    await send(MAIL);
    expect(await sandbox.control.mail({ to: 'ada@example.com' })).toHaveLength(2);
  });

  it('refuses a wrong key with 401 in its own error body', async () => {
    const answer = await send(MAIL, 'SG.wrong');
    expect(answer.status).toBe(401);
    const message = 'The provided authorization grant is invalid, expired, or revoked';
    expect(await answer.json()).toEqual({ errors: [{ message, field: null, help: null }] });
  });

  it.each([
    ['no personalizations', { ...MAIL, personalizations: [] }, 'personalizations'],
    ['a bad address', { ...MAIL, personalizations: [{ to: [{ email: 'ada' }] }] }, 'personalizations.0.to.0.email'],
    ['no sender', { ...MAIL, from: {} }, 'from.email'],
    ['no subject', { ...MAIL, subject: undefined }, 'subject'],
    ['empty content', { ...MAIL, content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
    ['no content', { ...MAIL, content: undefined }, 'content'],
    ['text after HTML', { ...MAIL, content: [...MAIL.content].reverse() }, 'content'],
    ['an unknown parameter', { ...MAIL, sbuject: 'x' }, 'sbuject'],
    ['a reserved header', { ...MAIL, headers: { Bcc: 'x@example.com' } }, 'headers'],
    [
      'an attachment that is not base64',
      { ...MAIL, attachments: [{ content: 'é', filename: 'a' }] },
      'attachments.0.content',
    ],
  ])('refuses %s with 400 and the field, and sends nothing', async (_, mail, field) => {
    const answer = await send(mail);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { field: string; message: string; help: string }[] };
    expect(errors.map((error) => error.field)).toContain(field);
    expect(await sandbox.control.mail()).toEqual([]);
  });
});
