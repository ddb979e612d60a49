import { sortableId } from '../core/ids.ts';
import type { Store } from '../core/store.ts';

/** A file that came with a message; `content` is base64. `cid` is set for pictures shown inside the HTML. */
export interface MailAttachment {
  filename: string;
  contentType: string;
  cid: string | null;
  inline: boolean;
  size: number;
  content: string;
}

/** A received message. `at` is real time, ISO-8601; header names are lower case. */
export interface Mail {
  id: string;
  at: string;
  via: 'smtp' | 'sendgrid';
  messageId: string | null;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string | null;
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
  attachments: MailAttachment[];
}

/** A message without its parts, for lists. */
export type MailSummary = Pick<Mail, 'id' | 'at' | 'via' | 'messageId' | 'from' | 'to' | 'subject'> & {
  attachments: number;
};

const KIND = 'mail';
/** Lists read these small documents and never the parts: attachments would make each look at the inbox slow. */
const SUMMARY = 'mail-summary';
/** Messages kept; older ones go. */
export const MAX_MAILS = 2_000;

interface StoredSummary extends MailSummary {
  recipients: string[];
}

/** Puts a message in the inbox. The same Message-ID twice makes two messages, as in reality, so that doubles can be counted. */
export function addMail(store: Store, mail: Omit<Mail, 'id'>): Mail {
  const stored: Mail = { id: sortableId('mail'), ...mail };
  store.transaction(() => {
    store.put(KIND, stored.id, stored);
    store.put(SUMMARY, stored.id, summaryOf(stored));
    store.prune(KIND, MAX_MAILS);
    store.prune(SUMMARY, MAX_MAILS);
  });
  return stored;
}

/** Reads one message, or undefined. */
export function getMail(store: Store, id: string): Mail | undefined {
  return store.get<Mail>(KIND, id);
}

/** Counts the messages in the inbox. */
export function countMail(store: Store): number {
  return store.count(KIND);
}

/** Lists messages, newest first. `to` finds one recipient's, `text` searches addresses and subject; letter case is ignored. */
export function listMail(
  store: Store,
  filter: { to?: string | undefined; text?: string | undefined; limit?: number } = {},
): MailSummary[] {
  const to = filter.to?.toLowerCase();
  const text = filter.text?.toLowerCase();
  const found = store.list<StoredSummary>(SUMMARY, {}, { order: 'desc' }).filter(({ recipients, from, subject }) => {
    if (to && !recipients.some((address) => address === to || address.includes(`<${to}>`))) return false;
    return !text || [from, subject, ...recipients].join('\n').toLowerCase().includes(text);
  });
  return found.slice(0, filter.limit ?? 100).map(({ recipients: _, ...summary }) => summary);
}

function summaryOf(mail: Mail): StoredSummary {
  const { id, at, via, messageId, from, to, subject } = mail;
  const recipients = [...to, ...mail.cc, ...mail.bcc].map((address) => address.toLowerCase());
  return { id, at, via, messageId, from, to, subject, attachments: mail.attachments.length, recipients };
}
