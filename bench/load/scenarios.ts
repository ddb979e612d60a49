import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { signWebhook } from '../../sandbox/src/stripe/signature.ts';
import { send, type Shot } from './drive.ts';
import { newPerson, type Person } from './person.ts';
import { project, type Stage } from './stage.ts';

/** One kind of request, and which of our programs serves it. */
export interface Scenario {
  name: string;
  server: 'api' | 'webhook';
  next: () => Shot;
}

/** Members with an account, a customer at the provider, and an order: enough that none reaches the limit of 30 checkouts an hour. */
const memberCount = 240;

interface Customer extends Person {
  orderId: string;
}

function checkout(api: string, { token }: Person): Shot {
  return {
    url: `${api}/api/checkouts`,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ items: [{ productId: 'global_data_10gb', quantity: 1 }], currency: 'USD' }),
  };
}

/** Signs members up and has each make a first order, so that later checkouts find a customer at the provider as they would in life. */
async function prepareCustomers(api: string): Promise<Customer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const waiting = Array.from({ length: memberCount }, () => newPerson(project));
  const ready: Customer[] = [];
  const worker = async (): Promise<void> => {
    for (let person = waiting.pop(); person !== undefined; person = waiting.pop()) {
      const { status, body } = await send(agent, checkout(api, person));
      if (status !== 200) throw new Error(`a first checkout answered ${String(status)}: ${body.slice(0, 300)}`);
      ready.push({ ...person, orderId: (JSON.parse(body) as { orderId: string }).orderId });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
  return ready;
}

/** An event as Stripe sends it: about 3 KB, of which we read five fields. */
export function eventBody(): string {
  const session = {
    id: `cs_test_${randomUUID().replaceAll('-', '')}`,
    object: 'checkout.session',
    amount_total: 1999,
    currency: 'usd',
    metadata: { filler: 'x'.repeat(2_400) },
  };
  return JSON.stringify({
    id: `evt_${randomUUID().replaceAll('-', '')}`,
    object: 'event',
    type: 'checkout.session.completed',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: session },
  });
}

/** Makes the four requests that members and Stripe wait for. */
export async function makeScenarios(stage: Stage): Promise<Scenario[]> {
  const { api, webhook } = stage.urls;
  const customers = await prepareCustomers(api);
  let turn = 0;
  const customer = (): Customer => customers[(turn += 1) % customers.length] as Customer;
  return [
    {
      name: 'sign-up',
      server: 'api',
      next: () => ({
        url: `${api}/api/account`,
        method: 'GET',
        headers: { authorization: `Bearer ${newPerson(project).token}` },
      }),
    },
    { name: 'checkout start', server: 'api', next: () => checkout(api, customer()) },
    {
      name: 'webhook',
      server: 'webhook',
      next: () => {
        const body = eventBody();
        const signature = signWebhook(body, Math.floor(Date.now() / 1000), stage.webhookSecret);
        return { url: webhook, method: 'POST', headers: { 'content-type': 'application/json', ...signature }, body };
      },
    },
    {
      name: 'order page',
      server: 'api',
      next: () => {
        const { orderId, token } = customer();
        return {
          url: `${api}/api/orders/${orderId}`,
          method: 'GET',
          headers: { authorization: `Bearer ${token}` },
        };
      },
    },
  ];
}
