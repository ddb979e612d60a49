import { signUp } from '../../../src/features/accounts/sign-up.ts';
import { sweepOrders } from '../../../src/features/orders/sweep-orders.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import type { Services } from '../../../src/platform/container.ts';
import { reportLateJobs, tidyUp } from '../../../src/platform/sweep.ts';
import { foldLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import { mortalProcess, ProcessDied, type Death, type MortalProcess } from '../../support/mortal.ts';
import { planWish } from './plan-wish.ts';
import type { Walker } from './walker.ts';
import { call, need, pay, shopper, type Basket, type Shop, type Shopper } from '../../support/shopping.ts';

/** A claim outlives its worker by this long, a key of a caller by half of it. */
export const LEASE_SECONDS = 151;
/** Far more than any path's work: what goes on after this many jobs goes round in a circle. */
const MAX_JOBS = 500;

/**
 * One person's way along a path while a mortal process does all the work. When it dies, everybody behaves as in life: leases run out,
 * a new process starts, the caller repeats its call under the same key, the provider sends again what nobody answered, and the
 * sweeper finds the rest. Then the path goes on as if nothing had happened.
 */
export class Run implements Walker {
  readonly shop: Shop;
  readonly who: Shopper;
  readonly #first: MortalProcess;
  #process: MortalProcess;
  #calls = 0;

  constructor(shop: Shop, dieAt: string | null) {
    this.shop = shop;
    this.who = shopper(shop);
    this.#first = mortalProcess(shop, dieAt);
    this.#process = this.#first;
    shop.webhookProcess = (eventType) => this.#process.begin(`webhook ${eventType}`);
  }

  /** The steps that the first process came by. */
  get steps(): readonly string[] {
    return this.#first.steps;
  }

  /** How the first process died; null while it lives. */
  get death(): Death | null {
    return this.#first.death;
  }

  /** Makes an order and opens its payment page, again under the same key when the process dies. */
  checkout(basket: Basket): Promise<{ orderId: string; checkoutUrl: string }> {
    const items = typeof basket === 'string' ? [{ productId: basket }] : basket;
    return this.#repeat('startCheckout', (services, key) =>
      call(services, 'startCheckout', { items, currency: 'USD' }, { token: this.who.token, key }),
    );
  }

  /** Makes an order of a quote and opens its payment page, again under the same key when the process dies. */
  redeem(quote: string, creditUsd?: string): Promise<{ orderId: string; checkoutUrl: string }> {
    const credit = creditUsd === undefined ? {} : { credit: { unit: 'USD' as const, amount: creditUsd } };
    return this.#repeat('startCheckout', (services, key) =>
      call(services, 'startCheckout', { quote, ...credit }, { token: this.who.token, key }),
    );
  }

  /** Makes an order, pays it by card, and has everything done that follows. */
  async buy(basket: Basket): Promise<string> {
    const { orderId, checkoutUrl } = await this.checkout(basket);
    await pay(checkoutUrl);
    await this.work();
    return orderId;
  }

  /** Has an operator give money back; all that is left when `usd` is left out. */
  async giveBack(orderId: string, usd?: string): Promise<void> {
    const operator = shopper(this.shop, 'finance');
    this.shop.people.put({ uid: operator.uid, role: 'finance' });
    const amount = usd === undefined ? {} : { amount: { unit: 'USD' as const, amount: usd } };
    await this.#repeat('refundOrder', (services, key) =>
      call(services, 'refundOrder', { orderId, reason: 'asked', ...amount }, { token: operator.token, key }),
    );
  }

  /** Has the member look at what another plan costs, and change to it, again under the same key when the process dies. */
  async change(productId: string): Promise<string | null> {
    const wish = await planWish(this.who, productId);
    const { orderId } = await this.#repeat('changePlan', (services, key) =>
      call(services, 'changePlan', wish, { token: this.who.token, key }),
    );
    return orderId;
  }

  /** Has the member cancel an order. */
  async cancel(orderId: string): Promise<void> {
    await this.#repeat('cancelOrder', (services, key) =>
      call(services, 'cancelOrder', { orderId }, { token: this.who.token, key }),
    );
  }

  /** Tells the backend that the person has signed up, as the event of the identity provider does, which comes again when it fails. */
  async signUp(): Promise<void> {
    const person = need(this.shop.people.find(this.who.uid));
    await this.#repeat('onUserCreated', (services) => signUp(services, person));
  }

  /** Takes in webhooks and works off what is due, and what falls due within `forSeconds`. */
  async work(forSeconds = 60): Promise<void> {
    let until = this.#nowMs() + forSeconds * 1000;
    for (let ran = 0; ran < MAX_JOBS;) {
      const delivered = await this.shop.releaseWebhooks();
      if (this.#process.isDead) {
        await this.#restart();
        until = this.#nowMs() + forSeconds * 1000;
        continue;
      }
      const next = await nextJob(this.shop);
      const waitMs = next ? next.at.getTime() - this.#nowMs() : 0;
      if (next && waitMs <= 0) {
        ran += 1;
        await this.#work(next);
      } else if (next && next.at.getTime() <= until) {
        await this.shop.advance(waitMs / 1000 + 0.001);
      } else if (delivered === 0) {
        return;
      }
    }
    throw new Error(`more than ${String(MAX_JOBS)} jobs ran: some job plans itself again and again`);
  }

  /** Lets time pass, then does what the clock asks for and all that is due by then. */
  async pass(seconds: number): Promise<void> {
    await this.shop.advance(seconds);
    await this.#sweep();
    await this.work();
  }

  /** What the schedule has us do every minute. Here `work` delivers the jobs; a KilledRun has the sweeper queue them. */
  async #sweep(): Promise<void> {
    await this.#repeat('sweep', async (services) => {
      await sweepOrders(services);
      await reportLateJobs(services.db, services.clock.now());
      await foldLedger(services.db);
      await tidyUp(services.db, services.clock.now());
    });
  }

  async #repeat<T>(work: string, deed: (services: Services, key: string) => Promise<T>): Promise<T> {
    this.#calls += 1;
    const key = `key-${String(this.#calls)}-of-${this.who.uid}`;
    for (;;) {
      try {
        return await deed(this.#process.begin(work), key);
      } catch (error) {
        if (!this.#process.isDead) throw error;
        await this.#restart();
      }
    }
  }

  async #work(job: DueJob): Promise<void> {
    try {
      await runJob(this.#process.begin(job.name), topics, job.id);
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
    }
  }

  async #restart(): Promise<void> {
    await this.shop.advance(LEASE_SECONDS);
    this.#process = mortalProcess(this.shop);
    await resendLost(this.shop);
    await this.#sweep();
  }

  #nowMs(): number {
    return this.shop.clock.now().getTime();
  }
}

interface DueJob {
  id: string;
  /** Its topic and what it is about, such as `mail.send welcome`. */
  name: string;
  at: Date;
}

/** The next job that nobody holds; one whose claim outlives its worker counts as due when its lease ends. */
async function nextJob(services: Services): Promise<DueJob | undefined> {
  const { rows } = await services.db.query<{ id: string; topic: string; about: string | null; at: Date }>(
    `select o.id, o.topic, coalesce(i.type, m.kind) as about, greatest(o.run_at, o.claimed_until, l.leased_until) as at
     from outbox o left join lane l on l.name = o.lane and l.job_id <> o.id
       left join inbox i on i.event_id = o.payload ->> 'eventId' left join mail m on m.id = o.payload ->> 'mailId'
     where o.state = 'pending' order by at, o.id limit 1`,
  );
  const row = rows[0];
  return row && { id: row.id, name: row.about === null ? row.topic : `${row.topic} ${row.about}`, at: row.at };
}

/** The provider sends again what nobody answered 200. */
export async function resendLost(shop: Shop): Promise<void> {
  const { vendors } = await shop.control.state();
  if (vendors.find(({ name }) => name === 'stripe')?.webhooks?.waiting === 0) return;
  for (const { id, state } of await shop.control.webhooks('stripe')) {
    if (state === 'waiting') await shop.control.resendWebhook(id);
  }
}
