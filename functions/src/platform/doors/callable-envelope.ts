import type { Request } from 'firebase-functions/https';
import { CodedError, type ErrorCode, type FieldProblem } from '../../shared/errors.ts';
import { fieldOf, findStrange, walk } from '../walk-input.ts';

/** Who calls, as the headers claim; nothing of it is verified. */
export interface Tokens {
  bearerToken: string | undefined;
  appCheckToken: string | undefined;
}

/** What a callable's request carries besides its input. */
export interface Envelope extends Tokens {
  /** What is wrong with the request as a whole; the operation is not tried then. */
  problem: CodedError | undefined;
}

/** The same bound as at the REST door. */
const maxBodyBytes = 64 * 1024;

/** Whole numbers of mobile SDKs; the framework turns them into numbers. */
const wrappedNumbers = [
  'type.googleapis.com/google.protobuf.Int64Value',
  'type.googleapis.com/google.protobuf.UInt64Value',
];

/** Reads who calls. */
export function tokensOf(header: (name: string) => string | undefined): Tokens {
  return {
    bearerToken: /^Bearer (\S+)$/i.exec(header('authorization') ?? '')?.[1],
    appCheckToken: header('x-firebase-appcheck'),
  };
}

/**
 * Takes the tokens out of a callable's request and judges its form, before the framework sees it. The framework would check the token
 * a second time and answer without our error codes, would write bodies that it can't read into the log, whatever they hold, and would
 * answer 500 to some of them. What is wrong is told through the operation's own boundary instead, so that every refusal has one form.
 */
export function openEnvelope(req: Request): Envelope {
  const envelope = { ...tokensOf((name) => req.header(name)), problem: findProblem(req) };
  delete req.headers.authorization;
  delete req.headers['x-firebase-appcheck'];
  // Nothing here streams; asked for a stream the framework would answer 200 to everything.
  delete req.headers.accept;
  if (envelope.problem) {
    req.method = 'POST';
    req.headers['content-type'] = 'application/json';
    req.body = { data: null };
  }
  return envelope;
}

function findProblem(req: Request): CodedError | undefined {
  if (req.method !== 'POST') return invalid([{ field: '(method)', problem: 'must be POST' }]);
  if (!/^application\/json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
    return refuse('request.unsupported_type', 'the body must be application/json', [
      { field: 'Content-Type', problem: 'must be application/json' },
    ]);
  }
  if ((req.rawBody?.length ?? 0) > maxBodyBytes) {
    return refuse('request.too_large', `the body is larger than ${maxBodyBytes} bytes`, [
      { field: '(body)', problem: `must not be larger than ${maxBodyBytes} bytes` },
    ]);
  }
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return invalid([{ field: '(body)', problem: 'must be a JSON object' }]);
  }
  const others = Object.keys(body).filter((key) => key !== 'data');
  if (others.length > 0) {
    return invalid(others.map((key) => ({ field: fieldOf([key]), problem: 'is not a field of a callable request' })));
  }
  if (!('data' in body)) return invalid([{ field: 'data', problem: 'is missing' }]);
  const strange = findUndecodable(body.data);
  return strange && invalid([strange]);
}

/** Finds what the framework's decoder would choke on: it calls itself for each level, and knows two wrapped types. */
function findUndecodable(data: unknown): FieldProblem | undefined {
  const strange = findStrange(data);
  if (strange) return strange;
  for (const { value, path } of walk(data)) {
    if (typeof value === 'object' && value !== null && '@type' in value && !isWrappedNumber(value)) {
      return { field: fieldOf(path), problem: 'is of no type that is known here' };
    }
  }
  return undefined;
}

function isWrappedNumber(value: { '@type': unknown }): boolean {
  const isKnown = wrappedNumbers.some((type) => type === value['@type']);
  return isKnown && 'value' in value && !Number.isNaN(Number.parseFloat(String(value.value)));
}

function invalid(fields: FieldProblem[]): CodedError {
  const names = fields.map(({ field }) => field).join(', ');
  return refuse('request.invalid', `invalid request: ${names}`.slice(0, 500), fields.slice(0, 20));
}

function refuse(code: ErrorCode, message: string, fields: FieldProblem[]): CodedError {
  return new CodedError(code, message, { fields });
}
