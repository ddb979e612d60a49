import { z } from 'zod';
import { invalidRequest, parameterMissing, parameterUnknown } from './errors.ts';
import type { StripeFailure } from './errors.ts';
import type { FormRecord } from './form.ts';

/** A code of the real API that a refused value answers with. */
function coded(code: string, message: string): { error: string; params: { code: string } } {
  return { error: message, params: { code } };
}

/** A string that may not be empty: the real API takes an empty one as an attempt to unset. */
export const text = z
  .string()
  .refine(
    (value) => value !== '',
    coded(
      'parameter_invalid_empty',
      'You passed an empty string. We assume empty values are an attempt to unset a parameter; however this parameter cannot be unset.',
    ),
  );

/** A string that an empty one unsets (null). */
export const clearable = z.string().transform((value) => (value === '' ? null : value));

/** A whole number. */
export const integer = z
  .string()
  .refine((value) => /^-?\d{1,15}$/.test(value), coded('parameter_invalid_integer', 'Invalid integer'))
  .transform(Number);

/** A whole number from 0. */
export const natural = integer.refine((value) => value >= 0, coded('parameter_invalid_integer', 'Must be at least 0'));

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** An absolute http(s) URL; `{CHECKOUT_SESSION_ID}` and other braces are allowed. */
export const url = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), coded('url_invalid', 'Not a valid URL'));

/** An e-mail address, as loosely checked as the real API does. */
export const email = z
  .string()
  .refine((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), coded('email_invalid', 'Invalid email address'));

/** A three-letter currency that the platform sells in; written in lower case in answers. */
export const currency = z
  .string()
  .transform((value) => value.toLowerCase())
  .refine((value) => /^[a-z]{3}$/.test(value), { error: 'Invalid currency' });

// A record whose names are all numbers reaches us as an array, because the form cannot tell them apart.
const recordish = (value: unknown): unknown => (Array.isArray(value) ? { ...value } : value);

/** Metadata: at most 50 names of 40 characters with values of 500. */
export const metadata = z.preprocess(
  recordish,
  z
    .record(z.string().max(40), z.string().max(500))
    .refine((value) => Object.keys(value).length <= 50, { error: 'Metadata can have at most 50 keys' }),
);

/** Metadata of an update: an empty value removes its name, an empty string removes everything. */
export const metadataUpdate = z.union([z.literal(''), metadata]);

/** Names of references to answer as whole objects. */
export const expand = z.array(z.string()).max(20);

/** Parameters that every endpoint takes. */
export const common = { expand: expand.optional() };

/** A range of Unix seconds, or one exact second. */
export const range = z.union([
  integer.transform((value) => ({ gte: value, lte: value })),
  z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() }),
]);

/** Parameters of every list. */
export const paging = {
  ...common,
  limit: natural
    .refine(
      (value) => value >= 1 && value <= 100,
      coded('parameter_invalid_integer', 'This value must be between 1 and 100'),
    )
    .optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Puts an update of metadata on top of what is there. */
export function mergeMetadata(
  old: Record<string, string>,
  update: z.output<typeof metadataUpdate> | undefined,
): Record<string, string> {
  if (update === undefined) return old;
  if (update === '') return {};
  return Object.fromEntries(Object.entries({ ...old, ...update }).filter(([, value]) => value !== ''));
}

/** Checks a request's parameters; throws the refusal that the real API would answer, naming the parameter. */
export function parseParams<Schema extends z.ZodType>(schema: Schema, raw: FormRecord): z.output<Schema> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issue = deepestIssue(result.error.issues);
  throw issue ? refusalOf(issue, raw) : invalidRequest('Invalid request');
}

/** In a union the branch that got furthest says best what is wrong. */
function deepestIssue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const issue = issues[0];
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  if (!inner) return issue;
  return { ...inner, path: [...issue.path, ...inner.path] };
}

function refusalOf(issue: z.core.$ZodIssue, raw: FormRecord): StripeFailure {
  const param = nameOf(issue.path);
  if (issue.code === 'unrecognized_keys') return parameterUnknown(nameOf([...issue.path, issue.keys[0] ?? '']));
  const given = valueAt(raw, issue.path);
  if (issue.code === 'invalid_type' && given === undefined) return parameterMissing(param);
  if (issue.code === 'invalid_value' && given === undefined) return parameterMissing(param);
  if (issue.code === 'invalid_value') {
    return invalidRequest(`Invalid ${param}: must be one of ${issue.values.map(String).join(', ')}`, { param });
  }
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code'];
    return invalidRequest(`${issue.message}: ${describe(given)}`, {
      param,
      ...(typeof code === 'string' ? { code } : {}),
    });
  }
  return invalidRequest(`Invalid ${param}: ${issue.message}`, { param });
}

function nameOf(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path.map(String);
  return `${first ?? ''}${rest.map((part) => `[${part}]`).join('')}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    raw,
  );
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : 'the value given';
}
