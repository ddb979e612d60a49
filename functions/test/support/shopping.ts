import type { z } from 'zod';
import type { Policy } from '../../src/platform/config.ts';
import { invoke, type IncomingCall } from '../../src/platform/operations.ts';
import type { Api, OperationName } from '../../src/shared/api/index.ts';
import { api } from '../../src/shared/api/index.ts';
import { handlers } from '../../src/handlers.ts';
import { topics } from '../../src/topics.ts';
import { toFailure } from '../../src/platform/doors/failure.ts';
import { receivePaymentEvent } from '../../src/features/orders/receive-payment-event.ts';
import { drain, testServices, type TestServices } from './services.ts';

/** A backend whose webhooks come in through the signature check, with the catalogue published. */
export function shop(policy: Partial<Policy> = {}): Promise<TestServices> {
  return testServices({
    seeded: true,
    policy,
    webhooks: async (services, rawBody, signature) => {
      try {
        await receivePaymentEvent(services, rawBody, signature);
        return 200;
      } catch (error) {
        return toFailure('stripeWebhook', error).status;
      }
    },
  });
}

/** Works off everything that is due, and what falls due within `forSeconds`. */
export function settle(services: TestServices, forSeconds = 0): Promise<number> {
  return drain(services, topics, { forSeconds });
}

/** Calls an operation as the doors do. Throws CodedError. */
export async function call<N extends OperationName>(
  services: TestServices,
  name: N,
  input: z.input<Api[N]['input']>,
  as: { token?: string; key?: string } = {},
): Promise<z.output<Api[N]['output']>> {
  const incoming: IncomingCall = {
    input,
    bearerToken: as.token,
    appCheckToken: undefined,
    idempotencyKey: as.key ?? `key-${crypto.randomUUID()}`,
    clientAddress: '127.0.0.1',
  };
  return (await invoke(services, api[name], handlers[name], incoming)) as z.output<Api[N]['output']>;
}

/** Pays on the hosted page as a browser would, with the form it shows. Returns where the page leads. */
export async function pay(
  checkoutUrl: string,
  fields: Record<string, string> = {},
): Promise<{ status: number; location: string | null }> {
  const body = new URLSearchParams({
    method: 'card',
    card: '4242 4242 4242 4242',
    exp: '12 / 40',
    cvc: '123',
    name: 'Ada Test',
    ...fields,
  });
  const response = await fetch(`${checkoutUrl}/pay`, { method: 'POST', body, redirect: 'manual' });
  await response.text();
  return { status: response.status, location: response.headers.get('location') };
}
