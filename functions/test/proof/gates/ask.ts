import type { ErrorBody } from '../../../src/shared/errors.ts';
import type { Operation } from '../../../src/shared/operation.ts';
import type { Deployment } from './deployment.ts';

export type Door = 'rest' | 'callable';
export const doors: readonly Door[] = ['rest', 'callable'];

/** What a door answered: its status, and the error in the one form that both doors share. */
export interface Answer {
  status: number;
  /** What was asked for, where it was given. */
  output: unknown;
  error: ErrorBody['error'] | undefined;
  text: string;
}

/** Asks for an operation with a good form at one door, as whoever the headers say. */
export async function ask(
  deployed: Deployment,
  door: Door,
  operation: Operation,
  input: Record<string, unknown>,
  { headers, key }: { headers: Record<string, string>; key: string },
): Promise<Answer> {
  return door === 'rest'
    ? askRest(deployed, operation, input, { headers, key })
    : askCallable(deployed, operation, input, { headers, key });
}

async function askRest(
  deployed: Deployment,
  operation: Operation,
  input: Record<string, unknown>,
  { headers, key }: { headers: Record<string, string>; key: string },
): Promise<Answer> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(String(input[field])));
  const rest = Object.fromEntries(Object.entries(input).filter(([field]) => !operation.path.includes(`{${field}}`)));
  const isGet = operation.method === 'GET';
  const query = new URLSearchParams(isGet ? (rest as Record<string, string>) : {}).toString();
  const response = await fetch(`${deployed.urlOf('api')}/api${path}${query === '' ? '' : `?${query}`}`, {
    method: operation.method,
    headers: {
      ...headers,
      ...(isGet ? {} : { 'content-type': 'application/json' }),
      ...(operation.idempotent ? { 'idempotency-key': key } : {}),
    },
    ...(isGet ? {} : { body: JSON.stringify(rest) }),
  });
  const text = await response.text();
  const body = parse(text);
  return { status: response.status, output: body, error: body?.['error'] as Answer['error'], text };
}

async function askCallable(
  deployed: Deployment,
  operation: Operation,
  input: Record<string, unknown>,
  { headers, key }: { headers: Record<string, string>; key: string },
): Promise<Answer> {
  const data = operation.idempotent ? { ...input, idempotencyKey: key } : input;
  const response = await fetch(deployed.urlOf(operation.name), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ data }),
  });
  const text = await response.text();
  const body = parse(text);
  const error = body?.['error'] as { details?: Answer['error'] } | undefined;
  return { status: response.status, output: body?.['result'], error: error?.details, text };
}

/** Reads a JSON object, where the text is one. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
