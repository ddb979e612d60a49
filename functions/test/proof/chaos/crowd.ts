import { CodedError } from '../../../src/shared/errors.ts';
import type { Services } from '../../../src/platform/container.ts';
import { call, pay, shopper, type Basket, type Shopper } from '../../support/shopping.ts';
import type { TestServices } from '../../support/services.ts';
import { pause } from './staff.ts';

/** An order that somebody paid, with what it should be of. */
export interface Bought {
  who: Shopper;
  orderId: string;
  /** From the wish to the payment, in real milliseconds. */
  tookMs: number;
}

const features = ['network_security', 'network_optimization', 'network_vpn'];

/** What the n-th order of a person is of: mostly data, sometimes twice of it, sometimes a feature that needs no line. */
function basketOf(turn: number): Basket {
  const feature = features[Math.floor(turn / 4)];
  if (turn % 4 === 3 && feature !== undefined) return feature;
  return [{ productId: 'global_data_10gb', quantity: 1 + (turn % 2) }];
}

/**
 * Lets people come over `forMs`, each to buy and pay once. They behave as the web app does: what fails is tried again under the same
 * key, for as long as it takes.
 */
export async function letPeopleCome(
  world: TestServices,
  door: Services,
  plan: { orders: number; people: number; forMs: number },
): Promise<Bought[]> {
  const people = Array.from({ length: plan.people }, () => shopper(world, 'crowd'));
  const visits = Array.from({ length: plan.orders }, async (_, index) => {
    await pause((index / plan.orders) * plan.forMs);
    const who = people[index % people.length];
    if (!who) throw new Error('nobody came');
    return visit(door, who, basketOf(Math.floor(index / people.length)));
  });
  return Promise.all(visits);
}

async function visit(door: Services, who: Shopper, basket: Basket): Promise<Bought> {
  const startedAt = Date.now();
  const key = `visit-${crypto.randomUUID()}`;
  const items = typeof basket === 'string' ? [{ productId: basket }] : basket;
  const { orderId, checkoutUrl } = await insist(() =>
    call(door, 'startCheckout', { items, currency: 'USD' }, { token: who.token, key }),
  );
  await insist(async () => {
    const { status } = await pay(checkoutUrl);
    if (status !== 303) throw new Error(`the payment page answered ${String(status)}`);
  });
  return { who, orderId, tookMs: Date.now() - startedAt };
}

/** Tries again until it works. What is refused for good is a fault of the campaign. */
async function insist<T>(deed: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await deed();
    } catch (error) {
      if (error instanceof CodedError && !error.retry) throw error;
      await pause(500 + Math.random() * 500);
    }
  }
}
