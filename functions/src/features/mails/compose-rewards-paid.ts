import { checksummed } from '../../domain/wallets/address.ts';
import { shortAddress } from '../../shared/short-address.ts';
import { transactionUrl } from '../../shared/transaction-url.ts';
import type { MailContent } from './blocks.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** Tokens have arrived in the member's wallet: how many, where and when. Null when the batch is not settled. */
export function composeRewardsPaid(words: Words, subject: MailSubject): MailContent | null {
  const { payout, explorerUrl, appUrl } = subject;
  if (!payout) return null;
  const { say } = words;
  const tokens = words.tokens(payout.amount);
  const url = transactionUrl(explorerUrl, payout.txHash);
  const link = url === null ? [] : [{ label: say('rewards_paid.explorer'), url, main: false }];
  return {
    subject: say('rewards_paid.subject'),
    preheader: say('rewards_paid.preheader', { tokens }),
    blocks: [
      { kind: 'title', text: say('rewards_paid.title', { tokens }) },
      { kind: 'text', text: say('rewards_paid.text') },
      {
        kind: 'rows',
        rows: [
          { label: say('rewards_paid.amount'), value: tokens, strong: true },
          // Short: a whole address leads to everything that its owner ever did on the chain.
          { label: say('rewards_paid.wallet'), value: shortAddress(checksummed(payout.address)) },
          { label: say('rewards_paid.paid_at'), value: words.time(payout.paidAt) },
        ],
      },
      {
        kind: 'buttons',
        buttons: [{ label: say('rewards_paid.button'), url: `${appUrl}/rewards`, main: true }, ...link],
      },
    ],
    attachments: [],
  };
}
