import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudTasksClient } from '@google-cloud/tasks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueControl, type QueueControl } from './queue-control.ts';

const parent = 'projects/demo-dotm/locations/us-central1';

let server: Server;
let client: CloudTasksClient;
let control: QueueControl;
let requests: string[];
let queues: object[];

/** Answers like Cloud Tasks' REST API: state as a number, as the client library asks for it. */
beforeEach(async () => {
  requests = [];
  queues = [];
  server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', 'http://localhost');
    requests.push(`${req.method} ${pathname}`);
    const name = /^\/v2\/(.*):(pause|resume|purge)$/.exec(pathname)?.[1];
    const known = name?.endsWith('/workMail') ?? true;
    res.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    const error = { error: { code: 404, message: 'Queue does not exist.', status: 'NOT_FOUND' } };
    res.end(JSON.stringify(known ? (name === undefined ? { queues } : { name }) : error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const anybody = {
    universeDomain: 'googleapis.com',
    getRequestHeaders: async () => new Headers(),
    fetch: (url: string, init: RequestInit) => fetch(url, init),
  };
  const local = { protocol: 'http', apiEndpoint: '127.0.0.1', port: (server.address() as AddressInfo).port };
  // The type of the options knows real credentials only.
  const options: Record<string, object | string | number | boolean> = { ...local, fallback: true, auth: anybody };
  client = new CloudTasksClient(options);
  control = queueControl(client, 'demo-dotm');
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the control of queues', () => {
  it('lists each of our queues with its state, also one that was never deployed, and no other', async () => {
    queues = [
      {
        name: `${parent}/queues/workMail`,
        state: 2,
        rateLimits: { maxDispatchesPerSecond: 10, maxConcurrentDispatches: 20 },
      },
      {
        name: `${parent}/queues/workPayments`,
        state: 1,
        rateLimits: { maxDispatchesPerSecond: 20, maxConcurrentDispatches: 40 },
      },
      { name: `${parent}/queues/somebodyElses`, state: 1 },
    ];
    expect(await control.list()).toEqual([
      { name: 'payments', state: 'running', maxDispatchesPerSecond: 20, maxConcurrentDispatches: 40 },
      { name: 'carrier', state: 'missing', maxDispatchesPerSecond: null, maxConcurrentDispatches: null },
      { name: 'mail', state: 'paused', maxDispatchesPerSecond: 10, maxConcurrentDispatches: 20 },
      { name: 'projection', state: 'missing', maxDispatchesPerSecond: null, maxConcurrentDispatches: null },
      { name: 'chain', state: 'missing', maxDispatchesPerSecond: null, maxConcurrentDispatches: null },
      { name: 'voice', state: 'missing', maxDispatchesPerSecond: null, maxConcurrentDispatches: null },
    ]);
  });

  it.each(['pause', 'resume', 'purge'] as const)('%ss the queue that is named and no other', async (deed) => {
    await control[deed]('mail');
    expect(requests).toEqual([`POST /v2/${parent}/queues/workMail:${deed}`]);
  });

  it('says so when there is no such queue', async () => {
    await expect(control.pause('carrier')).rejects.toThrow(/Queue does not exist/);
  });
});
