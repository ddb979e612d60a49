import type { z } from 'zod';
import type { Api, OperationName } from '../shared/api/index.ts';
import { CodedError, type FieldProblem } from '../shared/errors.ts';
import { roles, type Operation, type Role } from '../shared/operation.ts';
import type { Services } from './container.ts';
import { params } from './config.ts';
import { beginIdempotent, finishIdempotent, releaseIdempotent, requestHash } from './idempotency.ts';
import { newSuffix } from './ids.ts';
import { countCall } from './rate-limit.ts';
import type { VerifiedToken } from './users.ts';
import { fieldOf, findStrange } from './walk-input.ts';

/** What a door hands over: the raw input and the headers that say who calls. Nothing of it is trusted yet. */
export interface IncomingCall {
  input: unknown;
  bearerToken: string | undefined;
  appCheckToken: string | undefined;
  idempotencyKey: string | undefined;
  /** Address of the caller, for rate limits of what anybody may call. */
  clientAddress: string;
}

interface BaseContext {
  services: Services;
  /** Whom rate limits count for: the uid of a signed-in caller, else the address. */
  caller: string;
  /** ULID for what an idempotent operation makes: the same on every attempt with the same key, so that nothing is made twice. */
  suffix: string;
}
export interface PublicContext extends BaseContext {
  identity: VerifiedToken | null;
}
export interface MemberContext extends BaseContext {
  identity: VerifiedToken;
}
export interface OperatorContext extends MemberContext {
  role: Role;
}

type ContextOf<O extends Operation> = O['access'] extends 'public'
  ? PublicContext
  : O['access'] extends 'member' | 'verified-member'
    ? MemberContext
    : OperatorContext;

/** Does the deed of operation `O`. Input is validated; what it returns is checked against the output schema and stripped to it. */
export type Handler<N extends OperationName> = (
  context: ContextOf<Api[N]>,
  input: z.output<Api[N]['input']>,
) => Promise<z.input<Api[N]['output']>>;

/** For every operation of the api the code that serves it, loaded when it is first called. */
export type Handlers = { [N in OperationName]: () => Promise<Handler<N>> };

type AnyHandler = (
  context: BaseContext & { identity: VerifiedToken | null; role: Role | null },
  input: unknown,
) => Promise<unknown>;

/**
 * Serves one call at either door, in this order: genuine app, identity, permission, input, rate, idempotency, deed. Throws CodedError;
 * the door turns it into its own kind of answer.
 */
export async function invoke(
  services: Services,
  operation: Operation,
  load: () => Promise<unknown>,
  call: IncomingCall,
): Promise<unknown> {
  await requireGenuineApp(services, call);
  const identity = await identify(services, call);
  const role = permit(operation, identity);
  const input = parseInput(operation, call.input);
  const caller = identity?.uid ?? call.clientAddress;
  await limitRate(services, operation, caller);
  const handler = (await load()) as AnyHandler;
  const run = async (suffix: string) =>
    operation.output.parse(await handler({ services, suffix, caller, identity, role }, input));
  if (!operation.idempotent) return run(newSuffix(services.clock.now()));
  return runOnce(services, operation, identity, input, call.idempotencyKey, run);
}

async function requireGenuineApp(services: Services, call: IncomingCall): Promise<void> {
  if (!params.appCheckRequired.value()) return;
  try {
    if (!call.appCheckToken) throw new Error('no token');
    await (await services.users()).verifyAppCheck(call.appCheckToken);
  } catch (cause) {
    throw new CodedError('auth.app_check_failed', 'the call carries no valid App Check token', { cause });
  }
}

async function identify(services: Services, call: IncomingCall): Promise<VerifiedToken | null> {
  if (call.bearerToken === undefined) return null;
  try {
    return await (await services.users()).verifyToken(call.bearerToken);
  } catch (cause) {
    throw new CodedError('auth.required', 'the ID token was refused', { cause });
  }
}

function permit(operation: Operation, identity: VerifiedToken | null): Role | null {
  const role = roles.find((known) => known === identity?.role) ?? null;
  if (operation.access === 'public') return role;
  if (!identity) throw new CodedError('auth.required', `${operation.name} needs a signed-in caller`);
  if (operation.access === 'member') return role;
  if (operation.access === 'verified-member') {
    if (!identity.emailVerified)
      throw new CodedError('auth.email_unverified', `${operation.name} needs a verified e-mail address`);
    return role;
  }
  // To who may not call it, an operator's operation does not exist.
  if (role === null || !operation.access.includes(role)) throw new CodedError('not_found', 'no such thing');
  return role;
}

function parseInput(operation: Operation, raw: unknown): unknown {
  const strange = findStrange(raw);
  if (strange) {
    throw new CodedError('request.invalid', `invalid input of ${operation.name}`, { fields: [strange] });
  }
  const result = operation.input.strict().safeParse(raw ?? {});
  if (result.success) return result.data;
  const fields: FieldProblem[] = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          field: fieldOf([...issue.path, key]),
          problem: 'is not a field of this operation',
        }))
      : [{ field: fieldOf(issue.path), problem: issue.message }],
  );
  const names = fields.map((problem) => problem.field).join(', ');
  throw new CodedError('request.invalid', `invalid input of ${operation.name}: ${names}`.slice(0, 500), {
    fields: fields.slice(0, 20),
  });
}

async function limitRate(services: Services, operation: Operation, caller: string): Promise<void> {
  if (!operation.rateLimit) return;
  const scope = `${operation.name}:${caller}`;
  await countCall(services.db, scope, operation.rateLimit, services.clock.now());
}

async function runOnce(
  services: Services,
  operation: Operation,
  identity: VerifiedToken | null,
  input: unknown,
  key: string | undefined,
  run: (suffix: string) => Promise<unknown>,
): Promise<unknown> {
  if (key === undefined || !/^[\x21-\x7e]{8,200}$/.test(key)) {
    throw new CodedError(
      'request.idempotency_key_missing',
      `${operation.name} needs an Idempotency-Key of 8 to 200 visible characters`,
      {
        fields: [{ field: 'Idempotency-Key', problem: 'must be 8 to 200 visible ASCII characters' }],
      },
    );
  }
  const id = { actor: identity?.uid ?? 'public', operation: operation.name, key };
  const begun = await beginIdempotent(services.db, id, requestHash(input), services.clock.now());
  if (begun.kind === 'replay') return begun.response;
  try {
    const response = await run(begun.suffix);
    await finishIdempotent(services.db, id, response);
    return response;
  } catch (error) {
    await releaseIdempotent(services.db, id);
    throw error;
  }
}
