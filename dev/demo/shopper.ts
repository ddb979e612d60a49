import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../../functions/src/shared/api/orders.ts';
import type { OrderState } from '../../functions/src/shared/order.ts';
import { createClient, type Call } from '../../hosting/src/api/client.ts';
import type { ControlClient } from '../../sandbox/src/control-client.ts';
import type { Timeline } from './timeline.ts';

/** Where the running platform is. */
export interface DemoWorld {
  web: string;
  authPort: number;
  control: ControlClient;
}

/** Longer than any step takes on a busy machine; the platform's own deadline is thirty minutes. */
const patienceMs = 180_000;
const pollMs = 400;

/** A person without a browser: signs up, and calls the platform with the web app's own client. */
export class Shopper {
  readonly email: string;
  readonly call: Call;
  readonly #world: DemoWorld;

  private constructor(world: DemoWorld, email: string, idToken: string) {
    this.#world = world;
    this.email = email;
    this.call = createClient({
      fetch: (url, init) => fetch(typeof url === 'string' ? `${world.web}${url}` : url, init),
      idToken: () => Promise.resolve(idToken),
      appCheckToken: () => Promise.resolve(null),
      sleep: (ms) => sleep(ms),
      onNetwork: () => undefined,
    });
  }

  /** Signs a new person up at the Auth emulator, as the web app's SDK would. */
  static async signUp(world: DemoWorld, name: string): Promise<Shopper> {
    const email = `${name}-${randomUUID().slice(0, 8)}@demo.example`;
    const at = `http://127.0.0.1:${String(world.authPort)}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo`;
    const response = await fetch(at, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: randomUUID(), returnSecureToken: true }),
    });
    const answer = (await response.json()) as { idToken?: string; error?: { message: string } };
    if (answer.idToken === undefined)
      throw new Error(`sign-up failed: ${answer.error?.message ?? response.statusText}`);
    return new Shopper(world, email, answer.idToken);
  }

  /** Makes an order and pays it on the payment page with the test card. Returns the order's id. */
  async buy(productId: string, timeline: Timeline): Promise<`ord_${string}`> {
    const wish = { items: [{ productId }], currency: 'USD' } as const;
    const input = { ...wish, items: [...wish.items] };
    const { orderId, checkoutUrl } = await this.call('startCheckout', input, { idempotencyKey: randomUUID() });
    timeline.say(`order ${orderId} made, payment page open`);
    const card = { method: 'card', card: '4242 4242 4242 4242', exp: '12 / 40', cvc: '123', name: 'Demo' };
    const paid = await fetch(`${checkoutUrl}/pay`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(card),
    });
    if (!paid.ok) throw new Error(`the payment page answered ${String(paid.status)}`);
    timeline.say('paid with the test card 4242 4242 4242 4242');
    return orderId;
  }

  /** Tells each new event of the order until it is in one of `states`. Returns the order, or null when it took too long. */
  async watch(orderId: `ord_${string}`, states: readonly OrderState[], timeline: Timeline): Promise<Order | null> {
    const told = new Set<string>();
    for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(pollMs)) {
      const order = await this.call('getOrder', { orderId });
      for (const event of order.timeline) {
        const key = `${event.kind} ${event.at}`;
        if (!told.has(key)) timeline.say(`  ${event.kind.replaceAll('_', ' ')}${proof(event.evidence)}`);
        told.add(key);
      }
      if (states.includes(order.state)) return order;
    }
    return null;
  }

  /** Waits for a mail whose subject fits and returns the subject, or null when none came. */
  async mail(subject: RegExp): Promise<string | null> {
    for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(pollMs)) {
      const found = (await this.#world.control.mail({ to: this.email })).find((mail) => subject.test(mail.subject));
      if (found) return found.subject;
    }
    return null;
  }
}

function proof(evidence: Record<string, string>): string {
  const facts = Object.entries(evidence).map(([name, value]) => `${name}=${value}`);
  return facts.length === 0 ? '' : `  (${facts.join(', ')})`;
}
