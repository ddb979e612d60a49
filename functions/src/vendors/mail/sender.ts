/** Who our mail comes from, as MAIL_FROM says it: `DOTM <hello@example.com>` or a bare address. */
export interface Sender {
  name: string;
  address: string;
}

const pattern = /^\s*(?:"?([^"<>]*?)"?\s*<)?([^\s<>"@]+@[^\s<>"@]+\.[^\s<>"@]+)>?\s*$/;

/** Reads MAIL_FROM. Throws RangeError when there is no address in it: no mail could leave. */
export function parseSender(from: string): Sender {
  const match = pattern.exec(from);
  if (!match?.[2]) throw new RangeError('MAIL_FROM must read "Name <address>" or "address"');
  return { name: match[1] ?? '', address: match[2] };
}

/**
 * The Message-ID of one of our mails: `<mail id@sender's domain>`. The same for every attempt, so that a double, which no
 * mail service can rule out, is recognised by the receiver's mail program and by us.
 */
export function messageIdOf(mailId: string, sender: Sender): string {
  return `<${mailId}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`;
}
