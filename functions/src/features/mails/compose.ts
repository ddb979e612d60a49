import type { MailKind } from '../../store/mails.ts';
import type { MailContent } from './blocks.ts';
import { composeAccountDeleted, composeWelcome } from './compose-account.ts';
import { composeEsimReady } from './compose-esim.ts';
import { composeLineExtended } from './compose-line-extended.ts';
import { composeOrderPaid, composePaymentFailed, composeRenewed } from './compose-payment.ts';
import { composeRefunded, composeRefundedInPart } from './compose-refund.ts';
import { composeRewardsPaid } from './compose-rewards-paid.ts';
import { composeWalletChanged, composeWalletLinked } from './compose-wallet.ts';
import { composeWalletChangeStopped, composeWalletUnlinked } from './compose-wallet-end.ts';
import type { MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

type Composer = (words: Words, subject: MailSubject) => MailContent | null | Promise<MailContent | null>;

/** Composes each kind of mail. Null when what it speaks of is gone: then there is nothing to say. */
export const composers: Record<MailKind, Composer> = {
  welcome: composeWelcome,
  order_paid: composeOrderPaid,
  esim_ready: composeEsimReady,
  line_extended: composeLineExtended,
  order_refunded: composeRefunded,
  order_refunded_in_part: composeRefundedInPart,
  payment_failed: composePaymentFailed,
  renewed: composeRenewed,
  wallet_linked: composeWalletLinked,
  wallet_changed: composeWalletChanged,
  wallet_change_stopped: composeWalletChangeStopped,
  wallet_unlinked: composeWalletUnlinked,
  rewards_paid: composeRewardsPaid,
  account_deleted: composeAccountDeleted,
};
