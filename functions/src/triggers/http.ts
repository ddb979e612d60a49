import type { IncomingMessage, ServerResponse } from 'node:http';
import { onRequest, type HttpsFunction } from 'firebase-functions/https';
import { handlers } from '../handlers.ts';
import { params } from '../platform/config.ts';
import { services } from '../platform/container.ts';
import { toFailure } from '../platform/doors/failure.ts';
import { traceIdFromHeaders, withTrace } from '../platform/trace.ts';
import { base, secrets } from './options.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Router and schemas are loaded by who serves the door: every other function starts without them. */
async function openListener(): Promise<Listener> {
  const [{ getRequestListener }, { restApp }, { api: operations }] = await Promise.all([
    import('@hono/node-server'),
    import('../platform/doors/rest.ts'),
    import('../shared/api/index.ts'),
  ]);
  return getRequestListener(restApp(services, Object.values(operations), handlers).fetch);
}

let listener: Promise<Listener> | undefined;

/** The REST door. */
export const api: HttpsFunction = onRequest(
  {
    ...base,
    secrets: [...secrets.checkout, params.chainRpcUrl, params.chainSignerKey],
    concurrency: 40,
    minInstances: params.apiMinInstances,
    maxInstances: 16,
    memory: '512MiB',
  },
  async (req, res) => {
    const listen = await (listener ??= openListener());
    await listen(req, res);
  },
);

function openReceiver() {
  return import('../features/orders/receive-payment-event.ts');
}

/** Asked for once: an import that has been done costs each request that repeats it a twentieth of its time. */
let receiver: ReturnType<typeof openReceiver> | undefined;

/** Where Stripe tells what happened. Answers 200 once the event is kept; anything else makes Stripe send it again. */
export const stripeWebhook: HttpsFunction = onRequest(
  { ...base, secrets: secrets.webhook, concurrency: 40, maxInstances: 10 },
  async (req, res) => {
    await withTrace(
      traceIdFromHeaders((name) => req.header(name)),
      async () => {
        try {
          if (req.method !== 'POST') {
            res.status(405).set('Allow', 'POST').end();
            return;
          }
          const { receivePaymentEvent } = await (receiver ??= openReceiver());
          const { isNew } = await receivePaymentEvent(
            services(),
            req.rawBody ?? Buffer.alloc(0),
            req.header('stripe-signature'),
          );
          res.status(200).json({ received: true, isNew });
        } catch (error) {
          const { status, body } = toFailure('stripeWebhook', error);
          res.status(status).json(body);
        }
      },
    );
  },
);
