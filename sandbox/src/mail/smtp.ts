import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import type { AddressObject, ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Core } from '../core/vendor.ts';
import { addMail } from './inbox.ts';

// What large providers take at most.
const MAX_BYTES = 25 * 1024 * 1024;
// What SMTP answers when a fault names no reply code of its own: "try again later".
const DEFAULT_REFUSAL = 451;

/**
 * Starts the mail server: any login or none, no TLS, every message lands in the inbox. Faults planned for vendor `smtp` are
 * played (`status` is the reply code, 400–599). Answers the port and what closes it.
 */
export async function startSmtp(core: Core): Promise<{ port: number; close: () => Promise<void> }> {
  const hostname = core.config.host ?? '127.0.0.1';
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    // No TLS: a self-signed certificate would make every client ask questions that no test is about.
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
    onData: (stream, session, done) => {
      receive(core, stream, session).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(core.config.ports.smtp, hostname, () => resolve());
  });
  // A client that breaks off is no reason to stop.
  server.on('error', () => undefined);
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function receive(core: Core, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const startedAt = performance.now();
  const at = new Date().toISOString();
  const parsed = await simpleParser(stream, { skipImageLinks: true });
  const fault = core.faults.take('smtp', 'DATA', '/');
  const worksFirst = !fault || fault.kind.startsWith('works') || fault.kind === 'delay';
  const refused = fault?.kind === 'status' || fault?.kind === 'works-then-status';
  const code = refused ? (fault.status >= 400 && fault.status !== 500 ? fault.status : DEFAULT_REFUSAL) : 250;
  if (fault?.kind === 'delay') await core.faults.wait(fault.delayMs);
  if (worksFirst) store(core, at, parsed, session);
  if (fault?.kind === 'hang' || fault?.kind === 'works-then-hangs') await core.faults.wait();
  const ms = Math.round(performance.now() - startedAt);
  const requestBody = `Subject: ${parsed.subject ?? ''}\nMessage-ID: ${parsed.messageId ?? ''}`;
  const path = `/${session.envelope.rcptTo.map((recipient) => recipient.address).join(',')}`;
  const call = { at, vendor: 'smtp', method: 'DATA', path, query: '', requestHeaders: {}, requestBody, ms };
  core.calls.record({ ...call, status: code, responseBody: '', fault: fault?.kind ?? null });
  if (refused) throw Object.assign(new Error('The sandbox was told to refuse this.'), { responseCode: code });
}

function store(core: Core, at: string, parsed: ParsedMail, session: SMTPServerSession): void {
  const to = addresses(parsed.to);
  const cc = addresses(parsed.cc);
  const shown = [...to, ...cc].join(' ').toLowerCase();
  // Who is in the envelope but in no header was sent a blind copy.
  const bcc = session.envelope.rcptTo.map(({ address }) => address).filter((one) => !shown.includes(one.toLowerCase()));
  addMail(core.store, {
    at,
    via: 'smtp',
    messageId: parsed.messageId ?? null,
    from: parsed.from?.text ?? (session.envelope.mailFrom ? session.envelope.mailFrom.address : ''),
    to,
    cc,
    bcc,
    replyTo: parsed.replyTo?.text ?? null,
    subject: parsed.subject ?? '',
    text: parsed.text ?? null,
    html: parsed.html || null,
    headers: headersOf(parsed),
    attachments: parsed.attachments.map((file) => ({
      filename: file.filename ?? 'unnamed',
      contentType: file.contentType,
      cid: file.cid ?? null,
      inline: file.contentDisposition === 'inline' || Boolean(file.related),
      size: file.size,
      content: file.content.toString('base64'),
    })),
  });
}

function addresses(header: AddressObject | AddressObject[] | undefined): string[] {
  const objects = header === undefined ? [] : Array.isArray(header) ? header : [header];
  return objects.flatMap((object) =>
    object.value.map(({ name, address }) => (name ? `${name} <${address ?? ''}>` : (address ?? ''))),
  );
}

function headersOf(parsed: ParsedMail): Record<string, string> {
  return Object.fromEntries(
    parsed.headerLines.map(({ key, line }) => [key.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
