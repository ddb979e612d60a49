import type { Payout } from '../../store/payouts.ts';
import type { Line } from '../../store/lines.ts';
import type { Order } from '../../store/orders.ts';
import type { RefundRecord } from '../../store/refunds.ts';
import type { Wallet } from '../../store/wallets.ts';
import type { Words } from './words.ts';

/** What a mail speaks of; each is there when the mail refers to it. */
export interface MailSubject {
  displayName: string | null;
  order: Order | null;
  line: Line | null;
  refund: RefundRecord | null;
  /** Why an order ends for which no money was charged, as `startRefund` was told: it has no refund to look it up in. */
  reason: string | null;
  wallet: Wallet | null;
  /** The wallet that `wallet` came in the place of, or that came back in its place. */
  otherWallet: Wallet | null;
  /** A payout on chain to this member. */
  payout: Payout | null;
  /** Address of a block explorer without a slash at the end; empty where there is none. */
  explorerUrl: string;
  /** Public address of the web app, without a slash at the end. */
  appUrl: string;
  /** Minutes of the promise. */
  deadlineMinutes: number;
}

/** A short name of an order that a person can read out; the whole id is in the link. */
export function orderNumber(order: Pick<Order, 'id'>): string {
  return order.id.slice(-8).toUpperCase();
}

/** What an order holds, as a list in the reader's language. */
export function namesOf(words: Words, order: Order): string {
  const names = order.items.map((item) => words.productName(item.productId, item.name));
  return new Intl.ListFormat(words.locale).format(names);
}
