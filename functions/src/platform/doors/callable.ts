import {
  HttpsError,
  onCall,
  type CallableFunction,
  type CallableOptions,
  type Request,
} from 'firebase-functions/https';
import type { Operation } from '../../shared/operation.ts';
import type { Services } from '../container.ts';
import { invoke } from '../operations.ts';
import { traceIdFromHeaders, withTrace } from '../trace.ts';
import { openEnvelope, tokensOf, type Envelope } from './callable-envelope.ts';
import { toFailure } from './failure.ts';

type Callable = CallableFunction<unknown, Promise<unknown>>;

/**
 * Makes the callable function of an operation for the mobile SDKs. The data is the operation's input; an idempotent one carries
 * `idempotencyKey` beside it, because those SDKs can't set headers. `open` gives its declaration at the first call.
 */
export function callable(
  services: () => Services,
  options: CallableOptions,
  name: string,
  open: () => Promise<Operation>,
  load: () => Promise<unknown>,
): Callable {
  const envelopes = new WeakMap<Request, Envelope>();
  const declared: Callable = onCall(options, (request) => {
    const { rawRequest } = request;
    const data: unknown = request.data;
    const header = (name: string) => rawRequest.header(name);
    const { problem, ...tokens } = envelopes.get(rawRequest) ?? { ...tokensOf(header), problem: undefined };
    const { idempotencyKey, ...input } = asRecord(data);
    return withTrace(traceIdFromHeaders(header), async () => {
      try {
        if (problem) throw problem;
        return await invoke(services(), await open(), load, {
          input: isRecord(data) || data == null ? input : data,
          ...tokens,
          idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
          clientAddress: (header('x-forwarded-for') ?? '').split(',')[0]?.trim() ?? '',
        });
      } catch (error) {
        const { callable: status, body } = toFailure(name, error);
        throw new HttpsError(status, body.error.message, body.error);
      }
    });
  });
  const opened = (...[req, res]: Parameters<Callable>) => {
    // A browser's question before the call has neither body nor tokens.
    if (req.method !== 'OPTIONS') envelopes.set(req, openEnvelope(req));
    return declared(req, res);
  };
  return Object.assign(opened, declared);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
