import type { MailContent } from './blocks.ts';
import { namesOf, orderNumber, type MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** What was bought is on an eSIM that the phone has already: nothing is left to install. Null without its order or line. */
export function composeLineExtended(words: Words, { order, line, appUrl }: MailSubject): MailContent | null {
  if (!order || !line) return null;
  const { say } = words;
  const names = namesOf(words, order);
  return {
    subject: say('line_extended.subject'),
    preheader: say('line_extended.preheader', { names }),
    blocks: [
      { kind: 'title', text: say('line_extended.title') },
      { kind: 'text', text: say('line_extended.text', { names }) },
      { kind: 'rows', rows: [{ label: say('common.order_number'), value: orderNumber(order) }] },
      {
        kind: 'buttons',
        buttons: [{ label: say('line_extended.button'), url: `${appUrl}/esim/${line.id}`, main: true }],
      },
    ],
    attachments: [],
  };
}
