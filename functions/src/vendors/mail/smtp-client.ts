import { createTransport } from 'nodemailer';
import { smtpError } from './errors.ts';
import type { MailPort } from './port.ts';
import { messageIdOf, parseSender } from './sender.ts';

/** How to reach an SMTP server: `smtp://user:password@host:587` or `smtps://…`. `from` is MAIL_FROM; 20 s unless `timeoutMs` is set. */
export interface SmtpOptions {
  url: string;
  from: string;
  timeoutMs?: number;
}

/** Makes the mail that goes out through any SMTP server, one connection per mail: a function's instance may freeze between two. */
export function createSmtpClient(options: SmtpOptions): MailPort {
  const sender = parseSender(options.from);
  const timeoutMs = options.timeoutMs ?? 20_000;
  const transport = createTransport({
    url: options.url,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing in a mail is ever read from our disk or fetched from an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const messageId = messageIdOf(mail.id, sender);
      const attachments = mail.attachments.map(({ filename, contentType, content, contentId }) => ({
        filename,
        contentType,
        content,
        cid: contentId,
        contentDisposition: 'inline' as const,
      }));
      const { to, subject, text, html } = mail;
      await transport
        .sendMail({ from: sender, to, subject, text, html, messageId, attachments })
        .catch((error: unknown) => {
          throw smtpError(error);
        });
      return { providerMessageId: messageId };
    },
  };
}
