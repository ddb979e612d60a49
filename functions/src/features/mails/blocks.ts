import type { MailAttachment } from '../../vendors/mail/port.ts';

/** What a mail is made of. Plain text throughout: each renderer brings its own form and escapes. */
export type Block =
  | { kind: 'title'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  /** `main` is filled, at most one in a mail; the others are outlined. */
  | { kind: 'buttons'; buttons: { label: string; url: string; main: boolean }[] }
  | { kind: 'rows'; rows: { label: string; value: string; strong?: boolean }[] }
  | { kind: 'steps'; items: string[] }
  /** A picture among the attachments, on a white ground whatever the reader's colours are. Plain text goes without it and its title. */
  | { kind: 'picture'; title: string; contentId: string; alt: string; size: number }
  /** Something to copy, letter by letter. */
  | { kind: 'code'; label: string; value: string }
  | { kind: 'callout'; text: string }
  | { kind: 'note'; text: string };

/** A mail before it is rendered. */
export interface MailContent {
  subject: string;
  /** What mail programs show behind the subject. */
  preheader: string;
  blocks: Block[];
  attachments: MailAttachment[];
}
