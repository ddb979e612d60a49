export interface MailAttachment {
  filename: string;
  contentType: string;
  content: Buffer;
  /** Content id for `cid:` in the HTML; the file is shown inline. */
  contentId: string;
}

export interface Mail {
  /** Ours, stable over retries: becomes the Message-ID and a custom argument, so that a double can be recognised. */
  id: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  attachments: MailAttachment[];
}

/** Mail in our words; one client for SendGrid's API and one for any SMTP server. Throws `vendor.unavailable` or `vendor.refused`. */
export interface MailPort {
  send(mail: Mail): Promise<{ providerMessageId: string }>;
}
