import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { z } from 'zod';
import type { Core, Vendor } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { addMail, countMail } from './inbox.ts';
import { mailSendInput } from './sendgrid-schema.ts';
import type { MailSend } from './sendgrid-schema.ts';

const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message';
// SendGrid's bound for a whole message.
const MAX_BYTES = 30 * 1024 * 1024;

interface SendGridError {
  message: string;
  field: string | null;
  help: string | null;
}

/** Builds the stand-in for SendGrid: takes `POST /v3/mail/send` as strictly as the real one and puts the mail in the inbox. */
export function createSendgridVendor(core: Core): Vendor {
  const app = new Hono();
  const errors = (list: SendGridError[]) => ({ errors: list });
  app.notFound((c) => c.json(errors([{ message: 'resource not found', field: null, help: null }]), 404));
  app.post('/v3/mail/send', async (c) => {
    const authorization = c.req.header('authorization');
    if (authorization !== `Bearer ${SANDBOX_CREDENTIALS.sendgridApiKey}`) {
      const message = 'The provided authorization grant is invalid, expired, or revoked';
      return c.json(errors([{ message, field: null, help: null }]), 401);
    }
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      const message = 'Content-Type should be application/json.';
      return c.json(errors([{ message, field: null, help: null }]), 415);
    }
    const text = await c.req.text();
    if (Buffer.byteLength(text) > MAX_BYTES) {
      return c.json(errors([{ message: 'The message is too large.', field: null, help: null }]), 413);
    }
    const result = mailSendInput.safeParse(parseJson(text));
    if (!result.success) return c.json(errors(errorsOf(result.error)), 400);
    const messageId = randomBytes(16).toString('base64url');
    c.header('X-Message-Id', messageId);
    if (isSandboxMode(result.data)) return c.body(null, 200);
    deliver(core, result.data, messageId);
    return c.body(null, 202);
  });
  const facts = () => [{ label: 'Mails in the inbox', value: countMail(core.store) }];
  return { name: 'sendgrid', title: 'SendGrid (mail)', app, facts };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorsOf(error: z.ZodError): SendGridError[] {
  return error.issues.map((issue) => {
    const unknownKey = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : '';
    const field = [...issue.path, ...(unknownKey ? [unknownKey] : [])].join('.');
    const message = unknownKey ? `Unknown parameter: ${unknownKey}` : issue.message;
    const anchor = issue.path.filter((part) => typeof part === 'string').join('.');
    return { message, field: field || null, help: anchor ? `${HELP}.${anchor}` : null };
  });
}

function isSandboxMode(mail: MailSend): boolean {
  const mode = mail.mail_settings?.['sandbox_mode'];
  return typeof mode === 'object' && mode !== null && 'enable' in mode && mode.enable === true;
}

/** Puts one message per personalization in the inbox, as each of them is a mail of its own. */
function deliver(core: Core, mail: MailSend, messageId: string): void {
  const partOf = (type: string) => mail.content?.find((part) => part.type === type)?.value ?? null;
  for (const personalization of mail.personalizations) {
    const headers = lowerCase({ ...mail.headers, ...personalization.headers });
    addMail(core.store, {
      at: new Date().toISOString(),
      via: 'sendgrid',
      // A Message-ID of the sender's is not among the reserved headers, and SendGrid sends it on.
      messageId: headers['message-id'] ?? messageId,
      from: format(personalization.from ?? mail.from),
      to: personalization.to.map(format),
      cc: (personalization.cc ?? []).map(format),
      bcc: (personalization.bcc ?? []).map(format),
      replyTo: mail.reply_to ? format(mail.reply_to) : null,
      subject: personalization.subject ?? mail.subject ?? '',
      text: partOf('text/plain'),
      html: partOf('text/html'),
      headers,
      attachments: (mail.attachments ?? []).map((file) => ({
        filename: file.filename,
        contentType: file.type ?? 'application/octet-stream',
        cid: file.content_id ?? null,
        inline: file.disposition === 'inline',
        size: Buffer.from(file.content, 'base64').length,
        content: file.content,
      })),
    });
  }
}

function format(address: { email: string; name?: string | undefined }): string {
  return address.name ? `${address.name} <${address.email}>` : address.email;
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
