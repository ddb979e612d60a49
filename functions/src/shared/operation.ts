import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** Operator roles, carried as the custom claim `role`. */
export const roles = ['owner', 'operations', 'support', 'finance'] as const;
export type Role = (typeof roles)[number];

/** Who may call: anybody, a signed-in member (about themselves only), a member with a verified e-mail address, or an operator with one of the roles. */
export type Access = 'public' | 'member' | 'verified-member' | readonly Role[];

/**
 * A use case as the outside sees it. From this one declaration come the callable function of the same name, the REST route,
 * its OpenAPI entry and the typed client of the web app. The handler is bound to it in the feature (`serve` in platform).
 */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  name: Name;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below /api with {parameters} that are fields of the input, for example `/orders/{orderId}`. */
  path: `/${string}`;
  access: Access;
  input: Input;
  output: Output;
  /** True when a repeated call must not do the deed twice: the caller sends an `Idempotency-Key`. */
  idempotent: boolean;
  /** One line for the API document. */
  summary: string;
  /** Errors beyond request.invalid, auth.required and internal that a caller should handle. */
  errors: readonly ErrorCode[];
  /** The most that a caller may call in a window, where a call costs money or mail. */
  rateLimit?: { calls: number; windowSeconds: number };
  /** Whether an answer promises something that is still being made: the REST door then says 202 instead of 200. */
  pending?(output: z.output<Output>): boolean;
}

/** Declares an operation, keeping the exact types of its name, input and output. */
export function declareOperation<N extends string, I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<N, I, O>,
): Operation<N, I, O> {
  return operation;
}
