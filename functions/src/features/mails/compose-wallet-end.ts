import type { MailContent } from './blocks.ts';
import { nameOf, walletPage } from './compose-wallet.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** A change of wallet was stopped: what goes where from now on. Null when the wallet was erased since. */
export function composeWalletChangeStopped(
  { say }: Words,
  { wallet, otherWallet, appUrl }: MailSubject,
): MailContent | null {
  const address = nameOf(wallet);
  if (address === null) return null;
  const back = nameOf(otherWallet);
  const now = back === null ? say('wallet_change_stopped.none') : say('wallet_change_stopped.back', { address: back });
  return {
    subject: say('wallet_change_stopped.subject'),
    preheader: say('wallet_change_stopped.preheader', { address }),
    blocks: [
      { kind: 'title', text: say('wallet_change_stopped.title') },
      { kind: 'text', text: say('wallet_change_stopped.text', { address }) },
      { kind: 'text', text: now },
      { kind: 'callout', text: say('wallet_change_stopped.not_you') },
      {
        kind: 'buttons',
        buttons: [{ label: say('wallet_change_stopped.button'), url: walletPage(appUrl), main: true }],
      },
    ],
    attachments: [],
  };
}

/** No wallet is linked any more. Null when it was erased since. */
export function composeWalletUnlinked({ say }: Words, { wallet, appUrl }: MailSubject): MailContent | null {
  const address = nameOf(wallet);
  if (address === null) return null;
  return {
    subject: say('wallet_unlinked.subject'),
    preheader: say('wallet_unlinked.preheader'),
    blocks: [
      { kind: 'title', text: say('wallet_unlinked.title') },
      { kind: 'text', text: say('wallet_unlinked.text', { address }) },
      { kind: 'callout', text: say('wallet_unlinked.not_you') },
      { kind: 'buttons', buttons: [{ label: say('wallet_unlinked.button'), url: walletPage(appUrl), main: true }] },
    ],
    attachments: [],
  };
}
