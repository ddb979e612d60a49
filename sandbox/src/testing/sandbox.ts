import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ControlClient } from '../control-client.ts';
import { startSandbox } from '../start.ts';
import type { RunningSandbox, SandboxConfig } from '../start.ts';

/** A sandbox of a test's own, and what steers it. */
export interface TestSandbox extends RunningSandbox {
  control: ControlClient;
}

/** Starts a sandbox on free ports that keeps nothing. Stop it in `afterEach` or `afterAll`. */
export async function startTestSandbox(change: Partial<SandboxConfig> = {}): Promise<TestSandbox> {
  const ports = { console: 0, stripe: 0, oxio: 0, sendgrid: 0, kms: 0, elevenlabs: 0, smtp: 0 };
  const sandbox = await startSandbox({ dataFile: ':memory:', ports, ...change });
  return { ...sandbox, control: new ControlClient(sandbox.urls.console) };
}

/** Waits until `check` answers something truthy and answers that; throws after `deadlineMs`. */
export async function until<T>(check: () => T | Promise<T>, deadlineMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (Date.now() > end) throw new Error(`nothing came within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** What a webhook receiver got: headers and the exact body. */
export interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Starts a receiver of webhooks that answers each with `answer` (200 unless told; 0 is silence) and keeps all it got. */
export async function startReceiver(answer: (count: number) => number = () => 200): Promise<{
  url: string;
  received: Received[];
  stop: () => Promise<void>;
}> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      received.push({ headers: req.headers, body: Buffer.concat(parts).toString() });
      const status = answer(received.length);
      if (status > 0) res.writeHead(status).end('seen');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/hook`, received, stop };
}
