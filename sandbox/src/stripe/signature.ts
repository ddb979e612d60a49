import { createHmac } from 'node:crypto';

/** Makes the `Stripe-Signature` header of a webhook: HMAC-SHA-256 over `<timestamp>.<body>` with the endpoint's secret. */
export function signWebhook(body: string, timestampSeconds: number, secret: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`).digest('hex');
  return {
    'stripe-signature': `t=${timestampSeconds},v1=${signature}`,
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
}
