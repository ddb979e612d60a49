import type { Order } from '../../store/orders.ts';
import type { Block, MailContent } from './blocks.ts';
import { orderNumber, type MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** Reasons of `startRefund` that mean that we broke off what was paid for: the promise is kept by giving the money back. */
const promiseReasons: readonly string[] = ['not_connected', 'deadline'];

/** All of the money goes back: how much, why, and when it arrives. Null without an order. */
export function composeRefunded(words: Words, subject: MailSubject): MailContent | null {
  const { order, refund } = subject;
  if (!order) return null;
  const { say } = words;
  const amount = words.money(order.currency, refund?.amount ?? order.refunded);
  const reason = refund?.reason ?? subject.reason ?? '';
  if (order.total === 0n) return composeUncharged(words, order, reason, subject.appUrl);
  const why = promiseReasons.includes(reason)
    ? [say('order_refunded.not_connected')]
    : reason === 'account_deleted'
      ? [say('order_refunded.account_deleted')]
      : [];
  return {
    subject: say('order_refunded.subject', { amount }),
    preheader: say('order_refunded.preheader', { amount }),
    blocks: [
      { kind: 'title', text: say('order_refunded.title', { amount }) },
      ...why.map((text): Block => ({ kind: 'text', text })),
      { kind: 'text', text: say('order_refunded.text', { number: orderNumber(order) }) },
      ...creditBack(words, order, reason),
      { kind: 'callout', text: say('order_refunded.arrival') },
      orderButton(words, subject.appUrl, order.id),
    ],
    attachments: [],
  };
}

/** What was paid without money ends without money; its tokens are back at once. */
function composeUncharged(words: Words, order: Order, reason: string, appUrl: string): MailContent {
  const why = promiseReasons.includes(reason) ? [words.say('order_refunded.uncharged_not_connected')] : [];
  const number = orderNumber(order);
  const title = words.say('order_refunded.uncharged_title', { number });
  const text = words.say('order_refunded.uncharged_text');
  return {
    subject: title,
    preheader: text,
    blocks: [
      { kind: 'title', text: title },
      ...why.map((line): Block => ({ kind: 'text', text: line })),
      { kind: 'text', text },
      ...creditBack(words, order, reason),
      orderButton(words, appUrl, order.id),
    ],
    attachments: [],
  };
}

/** Which tokens are the member's again. Those of an account that is deleted are nobody's. */
function creditBack(words: Words, { credit }: Order, reason: string): Block[] {
  if (credit === null || credit.returned === 0n || reason === 'account_deleted') return [];
  return [{ kind: 'text', text: words.say('order_refunded.credit', { tokens: words.tokens(credit.returned) }) }];
}

/** A part of the money goes back. Null without an order or a refund. */
export function composeRefundedInPart(words: Words, { order, refund, appUrl }: MailSubject): MailContent | null {
  if (!order || !refund) return null;
  const { say } = words;
  const amount = words.money(order.currency, refund.amount);
  return {
    subject: say('order_refunded_in_part.subject', { amount }),
    preheader: say('order_refunded_in_part.preheader', { amount }),
    blocks: [
      { kind: 'title', text: say('order_refunded_in_part.title', { amount }) },
      { kind: 'text', text: say('order_refunded_in_part.text', { number: orderNumber(order) }) },
      {
        kind: 'rows',
        rows: [
          { label: say('common.total'), value: words.money(order.currency, order.total) },
          { label: say('order_refunded_in_part.refunded'), value: amount, strong: true },
          { label: say('order_refunded_in_part.refunded_total'), value: words.money(order.currency, order.refunded) },
        ],
      },
      ...creditBack(words, order, refund.reason),
      { kind: 'callout', text: say('order_refunded.arrival') },
      orderButton(words, appUrl, order.id),
    ],
    attachments: [],
  };
}

function orderButton(words: Words, appUrl: string, orderId: string): Block {
  return {
    kind: 'buttons',
    buttons: [{ label: words.say('order_refunded.button'), url: `${appUrl}/orders/${orderId}`, main: true }],
  };
}
