import { z } from 'zod';

// Texts as SendGrid writes them, so that what a developer finds on the web about one fits.
const FROM_NEEDED =
  'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.';
const PERSONALIZATIONS_NEEDED = 'The personalizations field is required and must have at least one personalization.';
const TO_NEEDED =
  'The to array is required for all personalization objects, and must have at least one email object with a valid email address.';
const BAD_ADDRESS = 'Does not contain a valid address.';
const CONTENT_NEEDED =
  'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.';
const CONTENT_VALUE = 'The content value must be a string at least one character in length.';

const address = z.strictObject({ email: z.email(BAD_ADDRESS), name: z.string().optional() }, BAD_ADDRESS);
const texts = z.record(z.string(), z.string());
// Headers that the real API keeps for itself.
const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const headers = texts.refine(
  (map) => !Object.keys(map).some((name) => RESERVED.test(name)),
  'The headers contain a reserved name.',
);
const setting = z.record(z.string(), z.unknown());

const attachment = z.strictObject({
  content: z.base64('The attachment content must be base64 encoded.').min(1, 'The attachment content is required.'),
  filename: z.string('The filename is required.').min(1, 'The filename is required.'),
  type: z.string().min(1).optional(),
  disposition: z.enum(['inline', 'attachment']).optional(),
  content_id: z.string().optional(),
});

const personalization = z.strictObject({
  to: z.array(address, TO_NEEDED).min(1, TO_NEEDED).max(1_000),
  from: address.optional(),
  cc: z.array(address).optional(),
  bcc: z.array(address).optional(),
  subject: z.string().min(1).optional(),
  headers: headers.optional(),
  substitutions: texts.optional(),
  dynamic_template_data: setting.optional(),
  custom_args: texts.optional(),
  send_at: z.number().int().optional(),
});

/** `POST /v3/mail/send` as SendGrid takes it: unknown names are refused, so that a typo is found here and not in production. */
export const mailSendInput = z
  .strictObject({
    personalizations: z
      .array(personalization, PERSONALIZATIONS_NEEDED)
      .min(1, PERSONALIZATIONS_NEEDED)
      .max(1_000, PERSONALIZATIONS_NEEDED),
    from: z.strictObject({ email: z.email(FROM_NEEDED), name: z.string().optional() }, FROM_NEEDED),
    reply_to: address.optional(),
    reply_to_list: z.array(address).optional(),
    subject: z.string().min(1).optional(),
    content: z
      .array(z.strictObject({ type: z.string().min(1), value: z.string(CONTENT_VALUE).min(1, CONTENT_VALUE) }))
      .min(1, CONTENT_NEEDED)
      .optional(),
    attachments: z.array(attachment).optional(),
    template_id: z.string().optional(),
    headers: headers.optional(),
    categories: z.array(z.string().max(255)).max(10).optional(),
    custom_args: texts.optional(),
    send_at: z.number().int().optional(),
    batch_id: z.string().optional(),
    asm: setting.optional(),
    ip_pool_name: z.string().optional(),
    mail_settings: setting.optional(),
    tracking_settings: setting.optional(),
  })
  .superRefine((mail, context) => {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (!mail.template_id && !mail.content) issue(['content'], CONTENT_NEEDED);
    if (!mail.template_id && !mail.subject && !mail.personalizations.every((one) => one.subject)) {
      issue(
        ['subject'],
        'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.',
      );
    }
    const types = (mail.content ?? []).map((part) => part.type);
    if (types.includes('text/plain') && types.indexOf('text/plain') > 0) {
      issue(
        ['content'],
        'If present, text/plain and text/html must be the first contents, text/plain before text/html.',
      );
    }
  });

/** A message as SendGrid's API takes it. */
export type MailSend = z.output<typeof mailSendInput>;
