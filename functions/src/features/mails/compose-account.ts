import type { MailContent } from './blocks.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** The first mail: what this is, how it works, and the promise. */
export function composeWelcome({ say }: Words, { displayName, appUrl, deadlineMinutes }: MailSubject): MailContent {
  const title = displayName === null ? say('welcome.title') : say('welcome.title_named', { name: displayName });
  return {
    subject: say('welcome.subject'),
    preheader: say('welcome.preheader'),
    blocks: [
      { kind: 'title', text: title },
      { kind: 'text', text: say('welcome.text') },
      { kind: 'buttons', buttons: [{ label: say('welcome.button'), url: `${appUrl}/plans`, main: true }] },
      { kind: 'heading', text: say('welcome.steps') },
      { kind: 'steps', items: [say('welcome.step_1'), say('welcome.step_2'), say('welcome.step_3')] },
      { kind: 'callout', text: `${say('common.promise')} ${say('welcome.promise', { minutes: deadlineMinutes })}` },
    ],
    attachments: [],
  };
}

/** The last mail: sent while there is an address to send it to. */
export function composeAccountDeleted({ say }: Words): MailContent {
  return {
    subject: say('account_deleted.subject'),
    preheader: say('account_deleted.preheader'),
    blocks: [
      { kind: 'title', text: say('account_deleted.title') },
      { kind: 'text', text: say('account_deleted.text') },
      { kind: 'text', text: say('account_deleted.erased') },
      { kind: 'text', text: say('account_deleted.esim') },
      { kind: 'note', text: say('account_deleted.last') },
    ],
    attachments: [],
  };
}
