import { getRequestListener } from '@hono/node-server';
import { onRequest, type HttpsFunction } from 'firebase-functions/https';
import { handlers } from '../handlers.ts';
import { params } from '../platform/config.ts';
import { services } from '../platform/container.ts';
import { restApp } from '../platform/doors/rest.ts';
import { toFailure } from '../platform/doors/failure.ts';
import { traceIdFromHeaders, withTrace } from '../platform/trace.ts';
import { api as operations } from '../shared/api/index.ts';
import { base, secrets } from './options.ts';

const listen = getRequestListener(restApp(services, Object.values(operations), handlers).fetch);

/** The REST door. */
export const api: HttpsFunction = onRequest(
  {
    ...base,
    secrets: secrets.payments,
    concurrency: 40,
    minInstances: params.apiMinInstances,
    maxInstances: 16,
    memory: '512MiB',
  },
  (req, res) => listen(req, res),
);

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
          const { receivePaymentEvent } = await import('../features/orders/receive-payment-event.ts');
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
