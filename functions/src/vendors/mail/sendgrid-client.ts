import { Client } from '@sendgrid/client';
import { MailService } from '@sendgrid/mail';
import { vendorError } from '../failure.ts';
import { sendgridError } from './errors.ts';
import type { MailAttachment, MailPort } from './port.ts';
import { messageIdOf, parseSender } from './sender.ts';

/** How to reach SendGrid. `from` is MAIL_FROM; `timeoutMs` is 20 s unless set, and nothing is sent twice within a call. */
export interface SendgridOptions {
  apiKey: string;
  apiBase: string;
  from: string;
  timeoutMs?: number;
}

/** Makes the mail that goes out through SendGrid's API, with a service of its own: the library's shared one stays untouched. */
export function createSendgridClient(options: SendgridOptions): MailPort {
  const sender = parseSender(options.from);
  const service = openService(options);
  return {
    async send(mail) {
      const [response] = await service
        .send({
          from: sender.name === '' ? sender.address : { name: sender.name, email: sender.address },
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: { 'Message-ID': messageIdOf(mail.id, sender) },
          customArgs: { mail_id: mail.id },
          // Rewritten links would hand one-tap links, and the activation code in them, to a third party.
          trackingSettings: { clickTracking: { enable: false, enableText: false }, openTracking: { enable: false } },
          attachments: mail.attachments.map(inlineFile),
        })
        .catch((error: unknown) => {
          throw sendgridError(error);
        });
      // 202 is the only "accepted" that the API has; another success is a gateway's page.
      if (response.statusCode !== 202)
        throw vendorError('unavailable', `SendGrid answered ${response.statusCode}, not 202`);
      return { providerMessageId: headerOf(response.headers, 'x-message-id') ?? messageIdOf(mail.id, sender) };
    },
  };
}

function openService(options: SendgridOptions): MailService {
  const client = new Client();
  client.setApiKey(options.apiKey);
  // After the key, because setting a key also sets the address back to the default.
  client.setDefaultRequest('baseUrl', options.apiBase);
  const service = new MailService();
  service.setClient(client);
  service.setTimeout(options.timeoutMs ?? 20_000);
  return service;
}

/**
 * Writes an attachment as it goes over the wire: the library hands attachments on as they are, so that the `contentId` of its
 * types never becomes the `content_id` that SendGrid reads.
 */
function inlineFile({ filename, contentType, content, contentId }: MailAttachment) {
  const file = { filename, type: contentType, content: content.toString('base64') };
  return { ...file, disposition: 'inline', content_id: contentId };
}

function headerOf(headers: unknown, name: string): string | null {
  const value = (headers as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
