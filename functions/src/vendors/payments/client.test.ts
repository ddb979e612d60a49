import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minor } from '../../shared/money.ts';
import { createPaymentsClient } from './client.ts';

/** What the sandbox does not do: an answer that Stripe keeps for a key although it was a failure of its own. */
interface Answer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

let server: Server;
let seen: { method: string; path: string; key: string | undefined }[];
let answer: (req: IncomingMessage) => Answer;

beforeEach(async () => {
  seen = [];
  server = createServer((req, res) => {
    req.resume().on('end', () => {
      const key = req.headers['idempotency-key'];
      seen.push({ method: req.method ?? '', path: (req.url ?? '').split('?')[0] ?? '', key: key?.toString() });
      const { status, body, headers } = answer(req);
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client() {
  const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createPaymentsClient({ secretKey: 'sk_test_unit', webhookSecret: 'whsec_unit', apiBase, timeoutMs: 2_000 });
}

const refund = {
  id: 're_1',
  amount: 100,
  currency: 'usd',
  charge: 'ch_1',
  payment_intent: 'pi_1',
  status: 'succeeded',
  created: 1,
  metadata: { key: 'ord_1' },
};
const input = { key: 'ord_1', paymentIntentId: 'pi_1', amount: minor('USD', 100n), metadata: {} };
const list = (data: object[]): Answer => ({
  status: 200,
  body: { object: 'list', data, has_more: false, url: '/v1/refunds' },
});
const failure = (headers: Record<string, string> = {}): Answer => ({
  status: 500,
  body: { error: { type: 'api_error', message: 'sorry' } },
  headers: { 'stripe-should-retry': 'false', 'request-id': 'req_2', ...headers },
});
const replayed = failure({ 'idempotent-replayed': 'true', 'original-request': 'req_1' });

describe('a refund whose key Stripe remembers as failed', () => {
  it('is made under a key that names the failed request, after a second look', async () => {
    answer = (req) => {
      if (req.method === 'GET') return list([]);
      return req.headers['idempotency-key'] === 'refund:ord_1' ? replayed : { status: 200, body: refund };
    };
    expect((await client().createRefund(input)).id).toBe('re_1');
    expect(seen.map(({ method, key }) => `${method} ${key ?? ''}`.trim())).toEqual([
      'GET',
      'POST refund:ord_1',
      'GET',
      'POST refund:ord_1:after:req_1',
    ]);
  });

  it('is not made again when the second look finds it', async () => {
    answer = (req) => (req.method === 'GET' ? list(seen.length > 1 ? [refund] : []) : replayed);
    expect((await client().createRefund(input)).id).toBe('re_1');
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('is left for later when the failure is fresh, because it may have worked', async () => {
    answer = (req) => (req.method === 'GET' ? list([]) : failure());
    await expect(client().createRefund(input)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('verifyWebhook', () => {
  it('calls nobody and refuses what is not signed', () => {
    expect(() => client().verifyWebhook(Buffer.from('{}'), undefined, new Date())).toThrow(
      expect.objectContaining({ code: 'webhook.signature_invalid' }),
    );
    expect(seen).toHaveLength(0);
  });
});
