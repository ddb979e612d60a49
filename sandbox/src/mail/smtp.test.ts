import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.reset());

/** Speaks SMTP by hand, so that no client library corrects what the test sends; answers the reply to each command. */
async function speak(commands: string[]): Promise<string[]> {
  const { hostname, port } = new URL(sandbox.urls.smtp);
  const socket = connect(Number(port), hostname);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async (): Promise<string> => {
    for (;;) {
      const next = await lines.next();
      if (next.done) return 'closed';
      if (next.value[3] !== '-') return next.value;
    }
  };
  const replies = [await reply()];
  for (const command of commands) {
    socket.write(`${command}\r\n`);
    replies.push(await reply());
  }
  socket.destroy();
  return replies;
}

const MESSAGE = [
  'From: DOTM <hello@dotm.example>',
  'To: Ada <ada@example.com>',
  'Subject: =?utf-8?q?Votre_eSIM_est_pr=C3=AAte?=',
  'Message-ID: <ord_1@dotm.example>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/related; boundary=b',
  '',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<img src="cid:qr@dotm">',
  '--b',
  'Content-Type: image/png',
  'Content-Id: <qr@dotm>',
  'Content-Disposition: inline; filename=qr.png',
  'Content-Transfer-Encoding: base64',
  '',
  btoa('picture'),
  '--b--',
  '.',
].join('\r\n');
const OPENING = [
  'EHLO test',
  'MAIL FROM:<hello@dotm.example>',
  'RCPT TO:<ada@example.com>',
  'RCPT TO:<audit@example.com>',
];
const send = async () => (await speak([...OPENING, 'DATA', MESSAGE])).at(-1);

describe('the mail server', () => {
  it('takes a message without login and keeps parts, headers, inline pictures and blind copies', async () => {
    expect(await send()).toMatch(/^250/);
    const [summary] = await sandbox.control.mail({ to: 'ada@example.com' });
    expect(await sandbox.control.readMail(summary?.id ?? '')).toMatchObject({
      via: 'smtp',
      messageId: '<ord_1@dotm.example>',
      subject: 'Votre eSIM est prête',
      to: ['Ada <ada@example.com>'],
      bcc: ['audit@example.com'],
      html: expect.stringContaining('cid:qr@dotm') as string,
      attachments: [{ filename: 'qr.png', cid: 'qr@dotm', inline: true, content: btoa('picture') }],
    });
  });

  it('takes any login', async () => {
    const replies = await speak(['EHLO test', `AUTH PLAIN ${btoa('\0anyone\0anything')}`]);
    expect(replies.at(-1)).toMatch(/^235/);
  });

  it('stores the same Message-ID twice when it comes twice', async () => {
    await send();
    await send();
    expect((await sandbox.control.mail()).map((mail) => mail.messageId)).toEqual(Array(2).fill('<ord_1@dotm.example>'));
  });

  it('plays faults: refused without storing, and stored though refused', async () => {
    await sandbox.control.addFault({ vendor: 'smtp', kind: 'status', status: 552 });
    expect(await send()).toMatch(/^552/);
    expect(await sandbox.control.mail()).toEqual([]);
    await sandbox.control.addFault({ vendor: 'smtp', kind: 'works-then-status' });
    expect(await send()).toMatch(/^451/);
    expect(await sandbox.control.mail()).toHaveLength(1);
    const calls = await sandbox.control.calls({ vendor: 'smtp' });
    expect(calls.map((call) => call.status)).toEqual([451, 552]);
  });
});
