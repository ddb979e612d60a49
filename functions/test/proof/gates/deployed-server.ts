/**
 * Runs everything that is deployed in one process, in production mode and each under the server that Google runs functions with. A
 * function answers below `/<its name>`. The Admin SDK is the real one; the connections that it opens to Google end at the stand-in
 * whose port is in GOOGLE_STAND_IN. Started by deployment.ts as a process of its own, so that its memory and its log are its own.
 */
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { initializeApp } from 'firebase-admin/app';
import { createServer, type Server } from 'node:http';
import { Agent } from 'node:https';
import { connect, type AddressInfo } from 'node:net';

const standIn = Number(process.env['GOOGLE_STAND_IN']);

/** Leads every connection to Google to the stand-in, whatever host it was meant for. */
class ToStandIn extends Agent {
  override createConnection(): ReturnType<Agent['createConnection']> {
    return connect(standIn, '127.0.0.1');
  }
}

initializeApp({
  projectId: process.env['GCLOUD_PROJECT'] ?? '',
  serviceAccountId: 'runtime@gates.example',
  httpAgent: new ToStandIn({ keepAlive: true }),
  credential: { getAccessToken: () => Promise.resolve({ access_token: 'token-of-the-runtime', expires_in: 3600 }) },
});

const index: Record<string, unknown> = await import('../../../src/index.ts');
const servers = new Map<string, Server>();
for (const [name, deployed] of Object.entries(index)) {
  const { __endpoint: endpoint } = deployed as { __endpoint: Record<string, unknown> };
  // Events come as CloudEvents through Eventarc, which alone may call: they have no door that a request could try.
  if (endpoint['eventTrigger'] !== undefined) continue;
  http(name, deployed as Parameters<typeof http>[1]);
  servers.set(name, getTestServer(name));
}

const server = createServer((req, res) => {
  const [, name = '', rest = ''] = /^\/(\w+)(.*)$/s.exec(req.url ?? '') ?? [];
  const target = servers.get(name);
  if (!target) {
    res.writeHead(599).end();
    return;
  }
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
  target.emit('request', req, res);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port, functions: [...servers.keys()] });
});
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss, heap: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit(0));
