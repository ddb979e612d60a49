import { describe, expect, test } from 'vitest';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { textIn } from '../../i18n/test-text.ts';
import { proofsOf, stepTitle } from './evidence.ts';
import { deadlineRuns, faceText, orderFace, orderTitle, refundedInPart } from './order-words.ts';

const at = '2026-11-22T10:00:00.000Z';
function item(productId: string, name: string, quantity: number, unit: string, total: string): Order['items'][number] {
  const usd = (amount: string) => ({ unit: 'USD' as const, amount });
  return {
    productId,
    name,
    cycle: 'one_time',
    quantity,
    unitPrice: usd(unit),
    discount: usd('0.00'),
    total: usd(total),
  };
}
const order: Order = {
  id: 'ord_01k820r67qkrqf9041sfrsea28',
  state: 'created',
  items: [item('esim_starter', 'eSIM starter', 1, '1.00', '1.00'), item('brand_new', 'Brand new', 2, '3.00', '6.00')],
  discount: null,
  total: { unit: 'USD', amount: '7.00' },
  tax: { unit: 'USD', amount: '0.00' },
  refunded: { unit: 'USD', amount: '0.00' },
  credit: null,
  createdAt: at,
  deadlineAt: null,
  paymentPending: false,
  checkoutUrl: null,
  receiptUrl: null,
  lineId: null,
  reward: null,
  timeline: [],
};

const tokens = (amount: string) => ({ unit: 'DOTM' as const, amount });
const credited: Order = {
  ...order,
  credit: { amount: { unit: 'USD', amount: '5.00' }, tokens: tokens('5.0'), returned: tokens('0.0') },
};
const uncharged: Order = { ...credited, total: { unit: 'USD', amount: '0.00' } };

describe('the face of an order', () => {
  test('speaks of money to who paid money, and of DOTM to who paid with nothing else', () => {
    expect(faceText(order, 'refunded')).toBe('order.face.refunded.text');
    expect(faceText(credited, 'refunded')).toBe('order.face.refunded.text');
    expect(faceText(uncharged, 'refunded')).toBe('order.faceCredit.refunded.text');
    expect(faceText(uncharged, 'active')).toBe('order.face.active.text');
    expect(textIn('en')(faceText(uncharged, 'paid'), { tokens: '5 DOTM' })).toContain('your 5 DOTM come back');
  });

  test('does not ask for money that the member has just paid', () => {
    expect(orderFace(order, false)).toBe('created');
    expect(orderFace(order, true)).toBe('confirming');
    expect(orderFace({ ...order, paymentPending: true }, true)).toBe('pending');
  });

  test('asks again when the bank did not send the money', () => {
    const timeline = [{ kind: 'payment_failed', at, evidence: {} } as const];
    expect(orderFace({ ...order, timeline }, true)).toBe('created');
  });

  test('speaks of an eSIM only where there is one', () => {
    expect(orderFace({ ...order, state: 'released' }, true)).toBe('ready');
    expect(orderFace({ ...order, state: 'released', lineId: 'lin_01k820r67qkrqf9041sfrsea28' }, true)).toBe('released');
  });
});

test('the clock of the promise runs from payment to release only', () => {
  const deadlineAt = '2026-11-22T10:30:00.000Z';
  expect(deadlineRuns({ ...order, state: 'paid', deadlineAt })).toBe(true);
  expect(deadlineRuns({ ...order, state: 'released', deadlineAt })).toBe(false);
});

test('a refund in part is told apart from a whole one', () => {
  const refunded = { unit: 'USD', amount: '2.00' } as const;
  expect(refundedInPart({ ...order, state: 'active', refunded })).toBe(true);
  expect(refundedInPart({ ...order, state: 'refunded', refunded })).toBe(false);
  expect(refundedInPart({ ...order, state: 'active' })).toBe(false);
});

test('a product without a translation keeps its own name', () => {
  expect(orderTitle(order, textIn('fr'))).toBe('eSIM découverte + 2 × Brand new');
});

describe('proof', () => {
  const t = textIn('en');

  test('is in the member’s words where there are any, and never hidden where there are none', () => {
    const evidence = { paymentId: 'ch_1', amount: '2000', currency: 'USD', somethingNew: 'x' };
    expect(proofsOf({ kind: 'paid', at, evidence }, t)).toEqual([
      { name: 'Payment', value: 'ch_1' },
      { name: 'Amount', value: '$20.00' },
      { name: 'somethingNew', value: 'x' },
    ]);
  });

  test('of a reward reads as tokens, of a reason as a sentence', () => {
    const evidence = { productId: 'esim_starter', amountWei: '103300000000000000' };
    expect(proofsOf({ kind: 'reward_accrued', at, evidence }, t).map((proof) => proof.value)).toEqual([
      'eSIM starter',
      '0.1033\u00a0DOTM',
    ]);
    expect(proofsOf({ kind: 'refund_started', at, evidence: { reason: 'deadline' } }, t)).toEqual([
      { name: 'Reason', value: 'Not connected in time' },
    ]);
  });

  test('a mail says what it was about', () => {
    expect(stepTitle({ kind: 'mail_sent', at, evidence: { mail: 'esim_ready' } }, t)).toBe(
      'Mail sent: Your eSIM with the QR code',
    );
    expect(stepTitle({ kind: 'mail_sent', at, evidence: {} }, t)).toBe('Mail sent to you');
  });
});
