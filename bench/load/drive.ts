import { Agent, request } from 'node:http';

/** One request of a scenario. */
export interface Shot {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}

/** An answer, with its body for who prepares a later step from it. */
export interface Answer {
  status: number;
  body: string;
}

/** What a span of load came to. */
export interface Result {
  requests: number;
  seconds: number;
  /** Latencies in milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  /** Answers that were not 200, by status; 0 stands for no answer. */
  errors: Map<number, number>;
}

/** Sends one request and reads the whole answer. Never throws: status 0 is no answer. */
export function send(agent: Agent, shot: Shot): Promise<Answer> {
  return new Promise((resolve) => {
    const headers = { ...shot.headers, 'content-length': String(Buffer.byteLength(shot.body ?? '')) };
    const req = request(shot.url, { agent, method: shot.method, headers }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      res.on('error', () => resolve({ status: 0, body: '' }));
    });
    req.on('error', () => resolve({ status: 0, body: '' }));
    req.end(shot.body);
  });
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Keeps `concurrency` requests on their way for `seconds`: each caller sends its next one when it has its answer. */
export async function drive(next: () => Shot, concurrency: number, seconds: number): Promise<Result> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const latencies: number[] = [];
  const errors = new Map<number, number>();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const shot = next();
      const sentAt = performance.now();
      const { status } = await send(agent, shot);
      latencies.push(performance.now() - sentAt);
      if (status !== 200) errors.set(status, (errors.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    requests: sorted.length,
    seconds: (performance.now() - startedAt) / 1000,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    errors,
  };
}
