import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import type { MessageId } from '../../i18n/messages.ts';
import type { Text } from '../../i18n/text.ts';
import { productName } from '../plans/product-words.ts';

/** What an order looks like to its member: the platform's states, told by what they mean. */
export type OrderFace = Order['state'] | 'confirming' | 'pending' | 'ready';

/**
 * The face of an order. `justPaid` is true when the payment page has just sent the member back: the money may be known
 * there a moment before it is known here.
 */
export function orderFace(order: Order, justPaid: boolean): OrderFace {
  if (order.state === 'created' && order.paymentPending) return 'pending';
  const failed = order.timeline.at(-1)?.kind === 'payment_failed';
  if (order.state === 'created' && justPaid && !failed) return 'confirming';
  // A membership or feature without a line of its own has no eSIM to speak of.
  if (order.state === 'released' && order.lineId === null) return 'ready';
  return order.state;
}

const tones = {
  created: 'warn',
  confirming: 'busy',
  pending: 'busy',
  paid: 'busy',
  provisioning: 'busy',
  released: 'good',
  ready: 'good',
  installed: 'good',
  active: 'good',
  refunding: 'warn',
  refunded: 'warn',
  expired: 'plain',
} as const satisfies Record<OrderFace, string>;

/** The colour of a face; the words beside it say the same. */
export function faceTone(face: OrderFace): (typeof tones)[OrderFace] {
  return tones[face];
}

/** Faces that speak of money, which an order that DOTM paid whole has none of. */
const spokenInTokens = ['created', 'paid', 'provisioning', 'refunding', 'refunded'] as const;

/** What a face means, in words for who pays with money or with DOTM alone. */
export function faceText(order: Pick<Order, 'total' | 'credit'>, face: OrderFace): MessageId {
  const inTokens = spokenInTokens.find((candidate) => candidate === face);
  const isUncharged = order.credit !== null && Number(order.total.amount) === 0;
  return isUncharged && inTokens !== undefined ? `order.faceCredit.${inTokens}.text` : `order.face.${face}.text`;
}

/** What was ordered, in one line. */
export function orderTitle(order: Order, t: Text): string {
  return order.items
    .map((item) => {
      const name = productName({ id: item.productId, name: item.name }, t);
      return item.quantity === 1 ? name : `${item.quantity} × ${name}`;
    })
    .join(' + ');
}

/** Whether the countdown of the promise is running. */
export function deadlineRuns(order: Order): boolean {
  return order.deadlineAt !== null && (order.state === 'paid' || order.state === 'provisioning');
}

/** Whether some, but not all, of the money went back. */
export function refundedInPart(order: Order): boolean {
  return order.state !== 'refunded' && order.state !== 'refunding' && Number(order.refunded.amount) > 0;
}
