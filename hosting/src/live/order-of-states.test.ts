import { describe, expect, test } from 'vitest';
import type { Order, OrderEvent } from '../../../functions/src/shared/api/orders.ts';
import { newerOrder, newerOrders, newerRevision, orderIsMoving } from './order-of-states.ts';

const kinds: OrderEvent['kind'][] = ['created', 'paid', 'provisioning_started', 'line_created', 'released'];

function orderAt(state: Order['state'], steps: number, id: Order['id'] = 'ord_01k820r67qkrqf9041sfrsea28'): Order {
  return {
    id,
    state,
    items: [],
    discount: null,
    total: { unit: 'USD', amount: '20.00' },
    tax: { unit: 'USD', amount: '0.00' },
    refunded: { unit: 'USD', amount: '0.00' },
    credit: null,
    createdAt: '2026-11-22T10:00:00.000Z',
    deadlineAt: null,
    paymentPending: false,
    checkoutUrl: null,
    receiptUrl: null,
    lineId: null,
    reward: null,
    timeline: kinds.slice(0, steps).map((kind) => ({ kind, at: '2026-11-22T10:00:00.000Z', evidence: {} })),
  };
}

describe('answers that overtake each other', () => {
  test('never take an order back to an earlier step', () => {
    const released = orderAt('released', 5);
    expect(newerOrder(released, orderAt('paid', 2))).toBe(released);
  });

  test('of the same length give the later one', () => {
    const offered = orderAt('paid', 2);
    expect(newerOrder(orderAt('paid', 2), offered)).toBe(offered);
    expect(newerOrder(undefined, offered)).toBe(offered);
  });

  test('of what counts its changes give the one that has seen more', () => {
    const held = { revision: 7, name: 'after the plan was changed' };
    expect(newerRevision(held, { revision: 6, name: 'before' })).toBe(held);
    const later = { revision: 7, name: 'the same, told later' };
    expect(newerRevision(held, later)).toBe(later);
    expect(newerRevision(undefined, later)).toBe(later);
  });

  test('in a list keep each order at its newer step, and show new orders', () => {
    const released = orderAt('released', 5);
    const other = orderAt('created', 1, 'ord_01k820r67qkrqf9041sfrsea29');
    expect(newerOrders([released], [other, orderAt('paid', 2)])).toEqual([other, released]);
  });
});

test('a page looks often while something is in motion, and rests when it is not', () => {
  expect(
    (['created', 'paid', 'provisioning', 'refunding'] as const).map((state) => orderIsMoving(orderAt(state, 1))),
  ).toEqual([true, true, true, true]);
  expect(
    (['released', 'active', 'refunded', 'expired'] as const).some((state) => orderIsMoving(orderAt(state, 1))),
  ).toBe(false);
  expect(orderIsMoving({ ...orderAt('created', 1), paymentPending: true })).toBe(false);
});
