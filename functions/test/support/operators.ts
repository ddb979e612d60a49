import type { Hono } from 'hono';
import { restApp } from '../../src/platform/doors/rest.ts';
import { handlers } from '../../src/handlers.ts';
import { api } from '../../src/shared/api/index.ts';
import type { Id } from '../../src/shared/ids.ts';
import type { Role } from '../../src/shared/operation.ts';
import { call, pay, settle } from './shopping.ts';
import type { TestServices } from './services.ts';

/** Signs in an operator with this role and gives their token. */
export function operator(services: TestServices, role: Role): string {
  services.people.put({ uid: `op-${role}`, email: `${role}@dotm.example`, role });
  return services.people.tokenOf(`op-${role}`);
}

/** Somebody who has bought and got what they paid for. */
export interface Buyer {
  token: string;
  memberId: Id<'member'>;
  orderId: Id<'order'>;
}

/** Has `uid` sign up, buy 10 GB for 20.00 USD on the payment page, and receive it. */
export async function buyer(services: TestServices, uid: string): Promise<Buyer> {
  services.people.put({ uid, email: `${uid}@example.com` });
  const token = services.people.tokenOf(uid);
  const { memberId } = await call(services, 'getAccount', {}, { token });
  const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
  const { orderId, checkoutUrl } = await call(services, 'startCheckout', wish, { token });
  await pay(checkoutUrl);
  await settle(services, 60);
  return { token, memberId, orderId };
}

/** The REST door over `services`, to be asked with `request`. */
export function restDoor(services: TestServices): Hono {
  return restApp(() => services, Object.values(api), handlers);
}
