import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { startTestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import type { TestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import type { Mail, MailPort } from '../../../src/vendors/mail/port.ts';
import { createSendgridClient } from '../../../src/vendors/mail/sendgrid-client.ts';
import { createSmtpClient } from '../../../src/vendors/mail/smtp-client.ts';

let sandbox: TestSandbox;
const from = '"DOTM, your line" <hello@dotm.example>';

beforeAll(async () => {
  sandbox = await startTestSandbox();
});

afterAll(async () => {
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.control.reset();
});

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const oneTap = 'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24consumer.e-sim.global%24OX0';
const mail: Mail = {
  id: 'mail_01',
  to: 'ada@example.com',
  subject: 'Votre eSIM est prête',
  html: `<p>Prête&nbsp;! <img src="cid:qr"> <a href="${oneTap}">Installer</a></p>`,
  text: `Prête !\n${oneTap}`,
  attachments: [{ filename: 'esim.png', contentType: 'image/png', content: picture, contentId: 'qr' }],
};

const clients = {
  sendgrid: (timeoutMs?: number): MailPort =>
    createSendgridClient({
      apiKey: SANDBOX_CREDENTIALS.sendgridApiKey,
      apiBase: sandbox.urls.sendgrid,
      from,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
  smtp: (timeoutMs?: number): MailPort =>
    createSmtpClient({ url: sandbox.urls.smtp, from, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
};

async function onlyMail() {
  const inbox = await sandbox.control.mail();
  expect(inbox).toHaveLength(1);
  return sandbox.control.readMail(inbox[0]?.id ?? '');
}

describe.each(['sendgrid', 'smtp'] as const)('mail over %s', (way) => {
  it('arrives whole: both texts, the picture inline, our Message-ID', async () => {
    const { providerMessageId } = await clients[way]().send(mail);
    const received = await onlyMail();
    expect(providerMessageId).not.toBe('');
    expect(received).toMatchObject({
      via: way,
      to: [mail.to],
      subject: mail.subject,
      messageId: '<mail_01@dotm.example>',
    });
    expect(received.from).toContain('hello@dotm.example');
    expect(received.from).toContain('DOTM, your line');
    expect(received.html?.trim()).toBe(mail.html);
    expect(received.text?.replaceAll('\r\n', '\n').trim()).toBe(mail.text);
    expect(received.attachments).toEqual([
      expect.objectContaining({ filename: 'esim.png', contentType: 'image/png', cid: 'qr', inline: true }),
    ]);
    expect(Buffer.from(received.attachments[0]?.content ?? '', 'base64')).toEqual(picture);
  });

  it('keeps its Message-ID when it is sent again, so that a double is recognised', async () => {
    await clients[way]().send(mail);
    await clients[way]().send({ ...mail, attachments: [] });
    const ids = (await sandbox.control.mail()).map(({ messageId }) => messageId);
    expect(ids).toEqual(['<mail_01@dotm.example>', '<mail_01@dotm.example>']);
  });

  it('is to be retried after an outage, and sent once per call', async () => {
    await sandbox.control.addFault({ vendor: way, kind: 'status', status: way === 'smtp' ? 421 : 503 });
    await expect(clients[way]().send(mail)).rejects.toMatchObject({ code: 'vendor.unavailable', retry: true });
    expect(await sandbox.control.mail()).toHaveLength(0);
    expect(await sandbox.control.calls({ vendor: way })).toHaveLength(1);
  });

  it('is given up at the time limit when the service hangs', async () => {
    await sandbox.control.addFault({ vendor: way, kind: 'hang' });
    await expect(clients[way](300).send(mail)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });

  it('that arrived before the service went silent is there although the call failed', async () => {
    await sandbox.control.addFault({ vendor: way, kind: 'works-then-hangs' });
    await expect(clients[way](500).send(mail)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect((await onlyMail()).messageId).toBe('<mail_01@dotm.example>');
  });

  it('that the service refuses is not retried', async () => {
    await sandbox.control.addFault({ vendor: way, kind: 'status', status: way === 'smtp' ? 554 : 400 });
    await expect(clients[way]().send(mail)).rejects.toMatchObject({ code: 'vendor.refused' });
  });

  it('to what is no address is refused', async () => {
    await expect(clients[way]().send({ ...mail, to: 'nobody' })).rejects.toMatchObject({ code: 'vendor.refused' });
  });

  it('shows in no error the recipient, the activation code or a credential', async () => {
    await sandbox.control.addFault({ vendor: way, kind: 'status', status: way === 'smtp' ? 550 : 400, times: 1 });
    const failures = [
      await clients[way]()
        .send(mail)
        .catch((error: unknown) => error),
      await clients[way]()
        .send({ ...mail, to: 'ada at example' })
        .catch((error: unknown) => error),
    ];
    expect(inspect(failures, { depth: 10 })).not.toMatch(/ada@|ada at|OX0|SG\./);
  });
});

describe('mail over sendgrid only', () => {
  it('has no link rewritten, no picture that tells of its opening, and our id with it', async () => {
    await clients.sendgrid().send(mail);
    const [call] = await sandbox.control.calls({ vendor: 'sendgrid' });
    const sent = JSON.parse(call?.requestBody ?? '{}') as Record<string, unknown>;
    expect(sent['tracking_settings']).toEqual({
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
    });
    expect(sent['custom_args']).toEqual({ mail_id: 'mail_01' });
  });

  it('is retried when the key is wrong or a gateway answers HTML', async () => {
    const wrong = createSendgridClient({ apiKey: 'SG.wrong', apiBase: sandbox.urls.sendgrid, from });
    await expect(wrong.send(mail)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    await sandbox.control.addFault({ vendor: 'sendgrid', kind: 'status', status: 200, html: true });
    await expect(clients.sendgrid().send(mail)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });
});
