import type { Context } from 'hono';
import type { z } from 'zod';

/** Thrown for control input that cannot be used; the control API answers 400 with the field's name. */
export class BadInput extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Thrown when control names something that is not there; the control API answers 404. */
export class NotThere extends Error {}

/**
 * Reads a control request's JSON body (an empty one counts as `{}`) and checks it. For the control apps of all vendors, whose
 * errors the control API turns into answers. Throws BadInput naming the first bad field.
 */
export async function readInput<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new BadInput('(body)', 'the body is not JSON');
  }
  return checkInput(body, schema);
}

/** Checks a value; throws BadInput naming the first bad field. */
export function checkInput<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey ? [unknownKey] : [])].join('.');
  throw new BadInput(path || '(body)', issue?.message ?? 'not valid');
}
