import { z } from 'zod';
import { errorTable, type ErrorCode } from '../../shared/errors.ts';
import type { Operation } from '../../shared/operation.ts';

const always: readonly ErrorCode[] = ['request.invalid', 'internal'];

function schemaOf(type: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return schema;
}

function parameters(operation: Operation): object[] {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  const fields = Object.entries(operation.input.shape).filter(
    ([name]) => operation.method === 'GET' || inPath.includes(name),
  );
  return fields.map(([name, type]) => ({
    name,
    in: inPath.includes(name) ? 'path' : 'query',
    required: inPath.includes(name) || !(type as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(type as z.ZodType, 'input'),
  }));
}

function requestBody(operation: Operation): object | undefined {
  if (operation.method === 'GET') return undefined;
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => [match[1] ?? '', true as const]);
  const body = operation.input.omit(Object.fromEntries(inPath));
  return {
    required: Object.keys(body.shape).length > 0,
    content: { 'application/json': { schema: schemaOf(body, 'input') } },
  };
}

function responses(operation: Operation): object {
  const auth: ErrorCode[] = operation.access === 'public' ? [] : ['auth.required'];
  const keyed: ErrorCode[] = operation.idempotent
    ? ['request.idempotency_key_missing', 'request.idempotency_key_reused', 'request.in_progress']
    : [];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...always, ...auth, ...keyed, ...operation.errors])) {
    const { status } = errorTable[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const failures = [...byStatus].map(([status, codes]): [string, object] => [
    String(status),
    {
      description: codes.join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  const content = { 'application/json': { schema: schemaOf(operation.output, 'output') } };
  return {
    '200': { description: 'Done.', content },
    ...(operation.pending ? { '202': { description: 'Something of it is still being made.', content } } : {}),
    ...Object.fromEntries(failures),
  };
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'The same key with the same content gives the first answer again; with other content it is refused.',
  schema: { type: 'string', minLength: 8, maxLength: 200 },
};

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', enum: Object.keys(errorTable) },
        message: { type: 'string', description: 'For developers; translate the code for people.' },
        retryAfterSeconds: { type: 'integer', description: 'When to ask again, where that is known.' },
        traceId: { type: 'string' },
        fields: {
          type: 'array',
          items: { type: 'object', properties: { field: { type: 'string' }, problem: { type: 'string' } } },
        },
      },
    },
  },
};

/** Describes the REST door as an OpenAPI 3.1 document, made from the declarations alone. */
export function openapiDocument(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = (paths[`/api${operation.path}`] ??= {});
    const body = requestBody(operation);
    path[operation.method.toLowerCase()] = {
      operationId: operation.name,
      summary: operation.summary,
      tags: [Array.isArray(operation.access) ? 'Operators' : operation.access === 'public' ? 'Public' : 'Members'],
      ...(Array.isArray(operation.access) ? { description: `Roles: ${operation.access.join(', ')}.` } : {}),
      security: operation.access === 'public' ? [] : [{ firebase: [] }],
      parameters: [...parameters(operation), ...(operation.idempotent ? [idempotencyHeader] : [])],
      ...(body ? { requestBody: body } : {}),
      responses: responses(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'DOTM Platform',
      version: '1',
      description:
        'Each operation is also a Firebase callable function of the same name. Amounts are decimal strings; times are UTC.',
    },
    paths,
    components: {
      securitySchemes: { firebase: { type: 'http', scheme: 'bearer', bearerFormat: 'Firebase ID token' } },
      schemas: { Error: errorSchema },
    },
  };
}
