import type { IncomingMessage, ServerResponse } from 'node:http';
import nodeModule from 'node:module';
import type * as Https from 'firebase-functions/https';
import type { HttpsFunction } from 'firebase-functions/https';
import type * as Params from 'firebase-functions/params';
import { region } from '../platform/region.ts';

/** A request as the server that Google runs functions with hands it over: read to its end, and parsed where it is JSON. */
export interface ReadRequest extends IncomingMessage {
  /** What the JSON in the body says; a Buffer, a text or an empty object where it is something else. */
  readonly body?: unknown;
  readonly rawBody?: Buffer;
}

/** Answers one request. Must end the response, and must not throw. */
export type Answering = (req: ReadRequest, res: ServerResponse) => Promise<void>;

/** What differs between the functions of this codebase. */
export interface PublicOptions {
  readonly maxInstances: number;
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** Whether it signs quotes. */
  readonly signs: boolean;
}

/** Whether this process serves a function, as opposed to being asked which ones there are. Google sets the variable in both worlds. */
const isServing = process.env['FUNCTION_TARGET'] !== undefined;

const load = nodeModule.createRequire(import.meta.url);

/**
 * Declares a public function to Firebase. Its library is loaded only by who asks what is to be deployed: to declare a function it loads
 * the Admin SDK, which this codebase must not have at hand, and which would be most of what a cold start waits for. Who serves needs
 * nothing of it: the declared function hands each request over as it came.
 */
export function declarePublic(options: PublicOptions, answer: Answering): Answering | HttpsFunction {
  if (isServing) return answer;
  const { onRequest } = load('firebase-functions/https') as typeof Https;
  const { defineBoolean, defineInt, defineSecret, defineString } = load('firebase-functions/params') as typeof Params;
  defineString('APP_URL', { default: '' });
  defineString('CATALOG_URL', { default: '' });
  defineString('MCP_ALLOWED_HOSTS', { default: '' });
  defineString('MCP_ALLOWED_ORIGINS', { default: '' });
  defineBoolean('STRIPE_TAX', { default: false });
  defineInt('PUBLIC_CALLS_PER_MINUTE', { default: 120 });
  // An account without any right, where the project has one: then nothing that could take over this function gains anything by it.
  const account = process.env['PUBLIC_SERVICE_ACCOUNT'];
  return onRequest(
    {
      region,
      memory: '256MiB',
      maxInstances: options.maxInstances,
      concurrency: options.concurrency,
      timeoutSeconds: options.timeoutSeconds,
      invoker: 'public',
      secrets: options.signs ? [defineSecret('QUOTE_KEYS')] : [],
      ...(account ? { serviceAccount: account } : {}),
    },
    answer,
  );
}
