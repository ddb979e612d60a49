import { composers } from '../../src/features/mails/compose.ts';
import type { MailSubject } from '../../src/features/mails/mail-subject.ts';
import { renderHtml } from '../../src/features/mails/render-html.ts';
import { renderText } from '../../src/features/mails/render-text.ts';
import { wordsOf } from '../../src/features/mails/words.ts';
import type { MailContent } from '../../src/features/mails/blocks.ts';
import type { Locale } from '../../src/shared/locale.ts';
import { minor } from '../../src/shared/money.ts';
import type { MailKind } from '../../src/store/mails.ts';
import type { Line } from '../../src/store/lines.ts';
import type { Order } from '../../src/store/orders.ts';
import type { Wallet } from '../../src/store/wallets.ts';

/** An order of two kinds of goods that was paid with tax. */
export const sampleOrder: Order = {
  id: 'ord_01jd9z3k4m5n6p7q8r9s0t1v2w',
  memberId: 'mem_01jd9z3k4m5n6p7q8r9s0t1v2w',
  state: 'paid',
  mode: 'payment',
  currency: 'USD',
  total: minor('USD', 4350n),
  tax: minor('USD', 250n),
  refunded: minor('USD', 0n),
  taxRefunded: minor('USD', 0n),
  credit: null,
  catalogVersion: 1,
  discount: null,
  renewalDiscount: null,
  paymentPending: false,
  checkoutSessionId: 'cs_1',
  checkoutUrl: null,
  paymentIntentId: 'pi_1',
  subscriptionId: null,
  invoiceId: null,
  chargeId: 'ch_1',
  receiptUrl: 'https://pay.stripe.com/receipts/1',
  lineId: null,
  settled: false,
  createdAt: new Date('2026-11-22T22:00:00Z'),
  expiresAt: new Date('2026-11-23T00:00:00Z'),
  paidAt: new Date('2026-11-22T22:02:00Z'),
  deadlineAt: new Date('2026-11-22T22:32:00Z'),
  items: [item(0, 'esim_starter', 'eSIM starter', 1, 100n), item(1, 'global_data_10gb', 'Global data 10 GB', 2, 2000n)],
};

function item(
  position: number,
  productId: string,
  name: string,
  quantity: number,
  cents: bigint,
): Order['items'][number] {
  return {
    position,
    productId,
    name,
    kind: 'connectivity',
    billing: 'one_time',
    quantity,
    unit: minor('USD', cents),
    discount: minor('USD', 0n),
    renewalDiscount: minor('USD', 0n),
    credit: minor('USD', 0n),
    rewardBasisPoints: 1033,
    dataBytes: 1_000_000_000n,
    includesLine: true,
  };
}

/** A line whose eSIM can be installed; its number is on its way. */
export const sampleLine: Line = {
  id: 'lin_01jd9z3k4m5n6p7q8r9s0t1v2w',
  memberId: sampleOrder.memberId,
  oxioLineId: '5b0c2f0e-7f0b-4c53-9a35-0c8a5c7d1e11',
  state: 'released',
  iccid: '8910650000000000427F',
  activationUrl: 'LPA:1$consumer.e-sim.global$OX012345678901234567890',
  phoneNumber: null,
  countryCode: 'US',
  createdAt: new Date('2026-11-22T22:03:00Z'),
};

/** A wallet that took the place of another and cools off. */
export const sampleWallet: Wallet = {
  id: 'wlt_01jd9z3k4m5n6p7q8r9s0t1v2w',
  memberId: sampleOrder.memberId,
  chainId: 31337,
  address: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
  kind: 'account',
  replaces: 'wlt_01jd9z3k4m5n6p7q8r9s0t1v2v',
  linkedAt: new Date('2026-11-22T22:00:00Z'),
  usableFrom: new Date('2026-11-24T22:00:00Z'),
  unlinkedAt: null,
  unlinkedBecause: null,
};

/** Everything that a mail may speak of. */
export const sampleSubject: MailSubject = {
  displayName: 'Ann',
  order: sampleOrder,
  line: sampleLine,
  refund: {
    id: 'rfd_01jd9z3k4m5n6p7q8r9s0t1v2w',
    orderId: sampleOrder.id,
    amount: 4350n,
    tax: 0n,
    reason: 'deadline',
    stripeRefundId: 're_1',
    state: 'succeeded',
  },
  reason: null,
  wallet: sampleWallet,
  otherWallet: {
    ...sampleWallet,
    id: 'wlt_01jd9z3k4m5n6p7q8r9s0t1v2v',
    address: '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359',
    replaces: null,
  },
  payout: {
    amount: minor('DOTM', 12_345_678_000_000_000_000n),
    address: '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed',
    txHash: `0x${'ab'.repeat(32)}`,
    paidAt: new Date('2026-11-23T14:00:11Z'),
  },
  explorerUrl: 'https://etherscan.io',
  appUrl: 'https://app.test',
  deadlineMinutes: 30,
};

/** Composes and renders one mail. Throws when there is nothing to say. */
export async function renderMail(
  kind: MailKind,
  locale: Locale,
  change: Partial<MailSubject> = {},
): Promise<MailContent & { html: string; text: string }> {
  const words = wordsOf(locale);
  const subject = { ...sampleSubject, ...change };
  const content = await composers[kind](words, subject);
  if (!content) throw new Error(`${kind} has nothing to say`);
  return {
    ...content,
    html: await renderHtml(content, words, subject.appUrl),
    text: renderText(content, words, subject.appUrl),
  };
}
