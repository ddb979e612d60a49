import type { Order } from '../../store/orders.ts';
import type { Block, MailContent } from './blocks.ts';
import { namesOf, orderNumber, type MailSubject } from './mail-subject.ts';
import type { Words } from './words.ts';

/** The receipt, with the promise and its deadline where an eSIM is to come. Null without an order. */
export function composeOrderPaid(words: Words, { order, appUrl }: MailSubject): MailContent | null {
  if (!order) return null;
  const { say } = words;
  const total = words.money(order.currency, order.total);
  const received = order.total > 0n || order.credit === null;
  const url = `${appUrl}/orders/${order.id}`;
  return {
    subject: say('order_paid.subject', { number: orderNumber(order) }),
    preheader: received ? say('order_paid.preheader', { total }) : say('order_paid.credit', creditOf(words, order)),
    blocks: [
      { kind: 'title', text: say('order_paid.title') },
      ...(received ? [{ kind: 'text', text: say('order_paid.text', { total }) } as const] : []),
      ...(order.credit ? [{ kind: 'text', text: say('order_paid.credit', creditOf(words, order)) } as const] : []),
      ...promise(words, order),
      receipt(words, order),
      {
        kind: 'buttons',
        buttons: [
          { label: say('order_paid.button'), url, main: true },
          ...(order.receiptUrl === null
            ? []
            : [{ label: say('order_paid.receipt'), url: order.receiptUrl, main: false }]),
        ],
      },
    ],
    attachments: [],
  };
}

function promise(words: Words, order: Order): Block[] {
  const bringsEsim = order.items.some((item) => item.includesLine || item.dataBytes !== null);
  if (!bringsEsim || order.deadlineAt === null) return [];
  const text = words.say('order_paid.promise', { deadline: words.time(order.deadlineAt) });
  return [{ kind: 'callout', text: `${words.say('common.promise')} ${text}` }];
}

function creditOf(words: Words, { credit, currency }: Order): { tokens: string; amount: string } {
  return { tokens: words.tokens(credit?.tokens ?? 0n), amount: words.money(currency, credit?.amount ?? 0n) };
}

/** Each item at its list price, what is taken off, what tokens paid, the tax, and the total that was charged. */
function receipt(words: Words, order: Order): Block {
  const { say } = words;
  const money = (amount: bigint) => words.money(order.currency, amount);
  const goods = order.items.reduce((sum, item) => sum + item.unit * BigInt(item.quantity), 0n);
  const discount = order.items.reduce((sum, item) => sum + item.discount, 0n);
  const credit = order.credit?.amount ?? 0n;
  const rest = order.total - order.tax - (goods - discount - credit);
  return {
    kind: 'rows',
    rows: [
      { label: say('common.order_number'), value: orderNumber(order) },
      ...(order.paidAt === null ? [] : [{ label: say('order_paid.paid_at'), value: words.time(order.paidAt) }]),
      ...order.items.map((item) => ({
        label: itemLabel(words, item),
        value: money(item.unit * BigInt(item.quantity)),
      })),
      ...(discount > 0n ? [{ label: say('common.discount'), value: money(0n - discount) }] : []),
      ...(credit > 0n
        ? [{ label: say('common.credit', { tokens: creditOf(words, order).tokens }), value: money(0n - credit) }]
        : []),
      ...(order.tax > 0n ? [{ label: say('common.tax'), value: money(order.tax) }] : []),
      ...(rest > 0n ? [{ label: say('common.shipping'), value: money(rest) }] : []),
      { label: say('common.total'), value: money(order.total), strong: true },
    ],
  };
}

function itemLabel(words: Words, item: Order['items'][number]): string {
  const name = words.productName(item.productId, item.name);
  return item.quantity === 1 ? name : words.say('common.quantity', { name, quantity: item.quantity });
}

/** Thanks for another period. Null without an order. */
export function composeRenewed(words: Words, { order, appUrl }: MailSubject): MailContent | null {
  if (!order) return null;
  const total = words.money(order.currency, order.total);
  return {
    subject: words.say('renewed.subject'),
    preheader: words.say('renewed.preheader', { total }),
    blocks: [
      { kind: 'title', text: words.say('renewed.title') },
      { kind: 'text', text: words.say('renewed.text', { names: namesOf(words, order), total }) },
      receipt(words, order),
      { kind: 'buttons', buttons: [{ label: words.say('renewed.button'), url: `${appUrl}/account`, main: true }] },
    ],
    attachments: [],
  };
}

/** A first payment that did not come closed its order; a renewal that did not come closes nothing yet. Null without an order. */
export function composePaymentFailed(words: Words, { order, appUrl }: MailSubject): MailContent | null {
  if (!order) return null;
  const { say } = words;
  if (order.paidAt === null) {
    return {
      subject: say('payment_failed.subject'),
      preheader: say('payment_failed.preheader'),
      blocks: [
        { kind: 'title', text: say('payment_failed.title') },
        { kind: 'text', text: say('payment_failed.text', { number: orderNumber(order) }) },
        { kind: 'buttons', buttons: [{ label: say('payment_failed.button'), url: `${appUrl}/plans`, main: true }] },
      ],
      attachments: [],
    };
  }
  return {
    subject: say('payment_failed.renewal_subject'),
    preheader: say('payment_failed.renewal_preheader'),
    blocks: [
      { kind: 'title', text: say('payment_failed.renewal_title') },
      { kind: 'text', text: say('payment_failed.renewal_text', { names: namesOf(words, order) }) },
      {
        kind: 'buttons',
        buttons: [{ label: say('payment_failed.renewal_button'), url: `${appUrl}/account`, main: true }],
      },
    ],
    attachments: [],
  };
}
