import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import type { Death } from '../../support/mortal.ts';
import { TEST_PERSON_KEY, TEST_QUOTE_KEYS_TEXT, TEST_WEBHOOK_SECRET } from '../../support/services.ts';
import { need, pay, shopper, type Basket, type Shop, type Shopper } from '../../support/shopping.ts';
import { LEASE_SECONDS, resendLost } from './run.ts';
import { PROJECT_ID } from './tasks-emulator.ts';
import { planWish } from './plan-wish.ts';
import type { Walker } from './walker.ts';

/** Where a run finds what outlives its backend. */
export interface Surroundings {
  readonly shop: Shop;
  readonly port: number;
  readonly tasksHost: string;
  readonly remoteUrl: string;
  readonly stateDir: string;
}

/** How long the queue is given to bring a job that is due; then the sweeper is asked, as every minute. */
const DELIVERY_MS = 1_500;
/** Between two looks at what is due. */
const LOOK_MS = 20;
/** A path that has not come to rest after so many sweeps goes round in a circle. */
const MAX_SWEEPS = 300;

/**
 * One person's way along a path with a real backend process, which is killed by SIGKILL at its step and started anew. Jobs come to it from
 * the Cloud Tasks emulator over HTTP: those that it had queued before it died, and those that the sweeper queues afterwards.
 */
export class KilledRun implements Walker {
  readonly shop: Shop;
  readonly who: Shopper;
  readonly #around: Surroundings;
  readonly #deathFile: string;
  #backend: ChildProcess | null = null;
  #dieAt: string | null;
  #calls = 0;

  constructor(around: Surroundings, dieAt: string | null) {
    this.#around = around;
    this.shop = around.shop;
    this.who = shopper(around.shop, 'killed');
    this.#dieAt = dieAt;
    this.#deathFile = path.join(around.stateDir, 'death.json');
    rmSync(this.#deathFile, { force: true });
  }

  /** How the backend was killed; null when it never came by its step. */
  get death(): Death | null {
    return existsSync(this.#deathFile) ? (JSON.parse(readFileSync(this.#deathFile, 'utf8')) as Death) : null;
  }

  async checkout(basket: Basket): Promise<{ orderId: string; checkoutUrl: string }> {
    const items = typeof basket === 'string' ? [{ productId: basket }] : basket;
    const answer = await this.#call('startCheckout', { items, currency: 'USD' }, this.who.token);
    return answer as { orderId: string; checkoutUrl: string };
  }

  async redeem(quote: string, creditUsd?: string): Promise<{ orderId: string; checkoutUrl: string }> {
    const credit = creditUsd === undefined ? {} : { credit: { unit: 'USD', amount: creditUsd } };
    const answer = await this.#call('startCheckout', { quote, ...credit }, this.who.token);
    return answer as { orderId: string; checkoutUrl: string };
  }

  async buy(basket: Basket): Promise<string> {
    const { orderId, checkoutUrl } = await this.checkout(basket);
    await pay(checkoutUrl);
    await this.work();
    return orderId;
  }

  async giveBack(orderId: string, usd?: string): Promise<void> {
    const operator = shopper(this.shop, 'finance');
    this.shop.people.put({ uid: operator.uid, role: 'finance' });
    const amount = usd === undefined ? {} : { amount: { unit: 'USD', amount: usd } };
    await this.#call('refundOrder', { orderId, reason: 'asked', ...amount }, operator.token);
  }

  async change(productId: string): Promise<string | null> {
    const wish = await planWish(this.who, productId);
    return ((await this.#call('changePlan', wish, this.who.token)) as { orderId: string | null }).orderId;
  }

  async cancel(orderId: string): Promise<void> {
    await this.#call('cancelOrder', { orderId }, this.who.token);
  }

  async signUp(): Promise<void> {
    await this.#ask('/sign-up', JSON.stringify(need(this.shop.people.find(this.who.uid))));
  }

  async work(forSeconds = 60): Promise<void> {
    let until = this.#nowMs() + forSeconds * 1000;
    for (let sweeps = 0; sweeps < MAX_SWEEPS; sweeps += 1) {
      await this.#living();
      const delivered = await this.shop.releaseWebhooks();
      await this.#untilDelivered();
      if (this.#isDead()) {
        await this.#restart();
        until = this.#nowMs() + forSeconds * 1000;
        continue;
      }
      const nextMs = await this.#nextJobMs();
      if (nextMs <= this.#nowMs()) await this.#ask('/sweep');
      else if (nextMs <= until) await this.#advance((nextMs - this.#nowMs()) / 1000 + 0.001);
      else if (delivered === 0) return;
    }
    throw new Error(`no rest after ${String(MAX_SWEEPS)} sweeps`);
  }

  async pass(seconds: number): Promise<void> {
    await this.#advance(seconds);
    await this.#ask('/sweep');
    await this.work();
  }

  /** Ends the backend. */
  async stop(): Promise<void> {
    const backend = this.#backend;
    if (backend === null || this.#isDead()) return;
    const ended = new Promise((resolve) => backend.once('exit', resolve));
    backend.kill('SIGKILL');
    await ended;
  }

  /** Waits until no job is due or under way, the queue has had its time, or the backend is dead. */
  async #untilDelivered(): Promise<void> {
    const giveUpAt = performance.now() + DELIVERY_MS;
    while (!this.#isDead() && performance.now() < giveUpAt && (await this.#hasDueJobs())) await wait(LOOK_MS);
  }

  async #hasDueJobs(): Promise<boolean> {
    const { rowCount } = await this.shop.db.query(
      `select 1 from outbox where state = 'pending' and (run_at <= $1 or claimed_until > $1) limit 1`,
      [this.shop.clock.now()],
    );
    return rowCount !== 0;
  }

  async #nextJobMs(): Promise<number> {
    const { rows } = await this.shop.db.query<{ at: Date | null }>(
      `select min(greatest(o.run_at, o.claimed_until, l.leased_until)) as at
       from outbox o left join lane l on l.name = o.lane and l.job_id <> o.id where o.state = 'pending'`,
    );
    return rows[0]?.at?.getTime() ?? Infinity;
  }

  async #call(name: string, input: object, token: string): Promise<unknown> {
    this.#calls += 1;
    const key = `key-${String(this.#calls)}-of-${this.who.uid}`;
    return this.#ask('/call', JSON.stringify({ name, input, token, key }));
  }

  /** Asks the backend; when it dies of that, once more after its restart, as every caller does. */
  async #ask(route: string, body = ''): Promise<unknown> {
    await this.#living();
    try {
      return await this.#post(route, body);
    } catch (error) {
      await this.#settled();
      if (!this.#isDead()) throw error;
      await this.#restart();
      return this.#post(route, body);
    }
  }

  async #post(route: string, body: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${String(this.#around.port)}${route}`, { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route} answered ${String(response.status)}: ${text}`);
    return JSON.parse(text) as unknown;
  }

  /** A connection breaks a moment before the system tells of the death. */
  async #settled(): Promise<void> {
    const giveUpAt = performance.now() + DELIVERY_MS;
    while (this.death !== null && !this.#isDead() && performance.now() < giveUpAt) await wait(LOOK_MS);
  }

  #isDead(): boolean {
    return this.#backend !== null && (this.#backend.exitCode !== null || this.#backend.signalCode !== null);
  }

  async #living(): Promise<void> {
    if (this.#backend === null) await this.#start();
    else if (this.#isDead()) await this.#restart();
  }

  async #restart(): Promise<void> {
    this.#dieAt = null;
    await this.shop.advance(LEASE_SECONDS);
    await this.#start();
    await resendLost(this.shop);
    await this.#post('/sweep', '');
  }

  async #advance(seconds: number): Promise<void> {
    await this.shop.advance(seconds);
    await this.#ask('/clock', this.#offsetMs());
  }

  #nowMs(): number {
    return this.shop.clock.now().getTime();
  }

  #offsetMs(): string {
    return String(Math.round(this.#nowMs() - Date.now()));
  }

  async #start(): Promise<void> {
    const backend = spawn(process.execPath, [path.join(import.meta.dirname, 'backend.ts')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: this.#environment(),
    });
    this.#backend = backend;
    await new Promise<void>((resolve, reject) => {
      backend.once('message', () => resolve());
      backend.once('exit', (code) => reject(new Error(`the backend ended with ${String(code)} while it started`)));
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const { port, tasksHost, remoteUrl } = this.#around;
    const { stripe, oxio, sendgrid } = this.shop.sandboxUrls;
    return {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATABASE_URL: this.shop.databaseUrl,
      REMOTE_URL: remoteUrl,
      DEATH_FILE: this.#deathFile,
      CLOCK_OFFSET_MS: this.#offsetMs(),
      POLICY: JSON.stringify(this.shop.policy),
      STRIPE_TAX: String(this.shop.policy.taxes),
      ...(this.#dieAt === null ? {} : { DIE_AT: this.#dieAt }),
      STRIPE_SECRET_KEY: SANDBOX_CREDENTIALS.stripeSecretKey,
      STRIPE_WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
      STRIPE_API_BASE: stripe,
      QUOTE_KEYS: TEST_QUOTE_KEYS_TEXT,
      PERSON_KEY: TEST_PERSON_KEY,
      OXIO_API_KEY: SANDBOX_CREDENTIALS.oxioApiKey,
      OXIO_AUTH_TOKEN: SANDBOX_CREDENTIALS.oxioAuthToken,
      OXIO_API_BASE: oxio,
      SENDGRID_API_KEY: SANDBOX_CREDENTIALS.sendgridApiKey,
      SENDGRID_API_BASE: sendgrid,
      // Blank, as where mail goes through SendGrid: a secret that is missing would be warned of at each mail.
      SMTP_URL: ' ',
      APP_CHECK_REQUIRED: 'false',
      GCLOUD_PROJECT: PROJECT_ID,
      GOOGLE_CLOUD_PROJECT: PROJECT_ID,
      CLOUD_TASKS_EMULATOR_HOST: tasksHost,
      // There is no Google to ask who we are.
      METADATA_SERVER_DETECTION: 'none',
      GCE_METADATA_HOST: '127.0.0.1:1',
    };
  }
}
