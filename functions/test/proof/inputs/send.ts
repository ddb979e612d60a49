import { Agent, request } from 'node:http';
import type { ErrorBody } from '../../../src/shared/errors.ts';
import { parse } from '../gates/ask.ts';
import type { Deployment } from '../gates/deployment.ts';
import type { Trial } from './requests.ts';

/** What came back. */
export interface Reply {
  status: number;
  text: string;
  ms: number;
  /** The error of the product, at whichever door; undefined where the platform's server answered by itself. */
  error: ErrorBody['error'] | undefined;
}

const agent = new Agent({ keepAlive: true, maxSockets: 24 });

/** Sends a trial as it is, past clients that would refuse to. */
export function send(deployed: Deployment, trial: Trial): Promise<Reply> {
  const startedAt = performance.now();
  const url = new URL(deployed.urlOf(trial.functionName));
  const body = trial.body === undefined ? undefined : Buffer.from(trial.body);
  return new Promise((resolve, reject) => {
    const req = request(
      {
        ...{ agent, host: url.hostname, port: url.port, method: trial.method, path: url.pathname + trial.path },
        headers: { ...trial.headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
        timeout: 30_000,
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: res.statusCode ?? 0, text, ms: performance.now() - startedAt, error: errorOf(text) });
        });
      },
    );
    req.on('timeout', () => req.destroy(new Error('no answer within 30 s')));
    req.on('error', reject);
    req.end(body);
  });
}

function errorOf(text: string): Reply['error'] {
  const error = parse(text)?.['error'] as (ErrorBody['error'] & { details?: ErrorBody['error'] }) | undefined;
  return error?.details ?? (error && 'code' in error ? error : undefined);
}
