import { checksummed } from '../../domain/wallets/address.ts';
import { shortAddress } from '../../shared/short-address.ts';
import type { Wallet } from '../../store/wallets.ts';
import type { MailContent } from './blocks.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** Where the web app shows the wallet. */
export function walletPage(appUrl: string): string {
  return `${appUrl}/rewards#wallet`;
}

/** Short: a mail passes through many hands, and a whole address leads to everything that its owner ever did on the chain. */
export function nameOf(wallet: Wallet | null): string | null {
  return wallet?.address == null ? null : shortAddress(checksummed(wallet.address));
}

/** The first wallet of an account. Null when it was erased since. */
export function composeWalletLinked({ say, time }: Words, { wallet, appUrl }: MailSubject): MailContent | null {
  const address = nameOf(wallet);
  if (!wallet || address === null) return null;
  return {
    subject: say('wallet_linked.subject'),
    preheader: say('wallet_linked.preheader', { address }),
    blocks: [
      { kind: 'title', text: say('wallet_linked.title') },
      { kind: 'text', text: say('wallet_linked.text') },
      {
        kind: 'rows',
        rows: [
          { label: say('wallet_linked.wallet'), value: address },
          { label: say('wallet_linked.linked_at'), value: time(wallet.linkedAt) },
        ],
      },
      { kind: 'callout', text: say('wallet_linked.not_you') },
      { kind: 'buttons', buttons: [{ label: say('wallet_linked.button'), url: walletPage(appUrl), main: true }] },
    ],
    attachments: [],
  };
}

/** Another wallet than before: from when it counts, and how to stop it until then. Null when it was erased since. */
export function composeWalletChanged(words: Words, { wallet, otherWallet, appUrl }: MailSubject): MailContent | null {
  const { say } = words;
  const address = nameOf(wallet);
  if (!wallet || address === null) return null;
  const before = nameOf(otherWallet);
  const time = words.time(wallet.usableFrom);
  return {
    subject: say('wallet_changed.subject'),
    preheader: say('wallet_changed.preheader', { time }),
    blocks: [
      { kind: 'title', text: say('wallet_changed.title') },
      { kind: 'text', text: say('wallet_changed.text', { time }) },
      {
        kind: 'rows',
        rows: [
          { label: say('wallet_changed.wallet'), value: address, strong: true },
          ...(before === null ? [] : [{ label: say('wallet_changed.before'), value: before }]),
          { label: say('wallet_changed.usable_from'), value: time },
        ],
      },
      { kind: 'callout', text: say('wallet_changed.not_you') },
      { kind: 'buttons', buttons: [{ label: say('wallet_changed.button'), url: walletPage(appUrl), main: true }] },
    ],
    attachments: [],
  };
}
