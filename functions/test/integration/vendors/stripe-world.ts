import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { startTestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import type { TestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import { minor } from '../../../src/shared/money.ts';
import { createPaymentsClient } from '../../../src/vendors/payments/client.ts';
import type { CatalogPrice, NewSession, PaymentSession, PaymentsPort } from '../../../src/vendors/payments/port.ts';

/** Signs the events of the tests' sandbox. */
export const WEBHOOK_SECRET = 'whsec_vendors';

/** Our client against a Stripe of the test's own, and what a member does on its payment page. */
export interface StripeWorld {
  sandbox: TestSandbox;
  payments: PaymentsPort;
  client(change?: { timeoutMs?: number; secretKey?: string }): PaymentsPort;
  /** Makes a customer and an open session of one price, `usd` cents once or each year. */
  openSession(
    change?: Partial<NewSession>,
    price?: Partial<CatalogPrice>,
  ): Promise<{ input: NewSession; session: PaymentSession }>;
  /** Pays on the payment page as a program does, and returns the session as it is then. */
  pay(session: PaymentSession, form?: Record<string, string>): Promise<PaymentSession>;
  now(): Promise<Date>;
}

/** Starts it. Stop the sandbox in `afterAll`, reset it in `beforeEach`. */
export async function startStripeWorld(change: Parameters<typeof startTestSandbox>[0] = {}): Promise<StripeWorld> {
  const sandbox = await startTestSandbox(change);
  const client: StripeWorld['client'] = (change = {}) =>
    createPaymentsClient({
      secretKey: SANDBOX_CREDENTIALS.stripeSecretKey,
      webhookSecret: WEBHOOK_SECRET,
      apiBase: sandbox.urls.stripe,
      ...change,
    });
  const payments = client();
  const now = async () => new Date((await sandbox.control.clock()).now);

  return {
    sandbox,
    payments,
    client,
    now,
    async openSession(change = {}, price = {}) {
      const { customerId } = await payments.ensureCustomer(member);
      const { priceId } = await payments.syncPrice({ ...starter, ...price });
      const input: NewSession = {
        orderId: 'ord_1',
        memberId: member.memberId,
        customerId,
        mode: (price.interval ?? null) === null ? 'payment' : 'subscription',
        lines: [{ priceId, quantity: 1 }],
        coupon: null,
        successUrl: 'http://127.0.0.1:9/done',
        cancelUrl: 'http://127.0.0.1:9/plans',
        expiresAt: new Date((await now()).getTime() + 45 * 60_000),
        locale: 'en',
        ...change,
      };
      return { input, session: await payments.createSession(input) };
    },
    async pay(session, form = {}) {
      const card = { method: 'card', card: '4242424242424242', exp: '12/40', cvc: '123', name: 'Ada' };
      const response = await fetch(`${session.url ?? ''}/pay`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ ...card, ...form }),
        redirect: 'manual',
      });
      if (!response.ok) throw new Error(`payment page answered ${response.status}: ${await response.text()}`);
      const after = await payments.getSession(session.id);
      if (after === null) throw new Error(`session ${session.id} is gone`);
      return after;
    },
  };
}

export const member = { memberId: 'mem_1', email: 'ada@example.com', name: 'Ada Lovelace', locale: 'fr' as const };

export const starter: CatalogPrice = {
  lookupKey: 'esim_starter:USD',
  productId: 'esim_starter',
  productName: 'eSIM starter',
  currency: 'USD',
  amount: minor('USD', 100n),
  interval: null,
};

/** A value that the test cannot go on without. */
export function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value, got none');
  return value;
}

/** All entries of an async list. */
export async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const entries: T[] = [];
  for await (const entry of list) entries.push(entry);
  return entries;
}
