import { describe, expect, it } from 'vitest';
import { openapiDocument } from '../../../src/platform/doors/openapi.ts';
import { api, type OperationName } from '../../../src/shared/api/index.ts';
import { errorTable } from '../../../src/shared/errors.ts';
import type { Operation } from '../../../src/shared/operation.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Record<string, unknown>;
}
interface Schema {
  type?: string;
  properties?: Record<string, unknown>;
  required?: string[];
  additionalProperties?: unknown;
}
interface Described {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Schema & { $ref?: string } }> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

const document = openapiDocument(Object.values(api)) as Document;
const described = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [operation.operationId, { path, method, operation }] as const),
  ),
);
const names = Object.keys(api) as OperationName[];

function find(name: OperationName) {
  const found = described.get(name);
  if (!found) throw new Error(`${name} is not in the document`);
  return found;
}

describe('the OpenAPI document', () => {
  it('is a document of version 3.1 that is the same as JSON, with every reference leading somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, reference]) => reference ?? '',
    );
    for (const reference of new Set(references)) {
      const target = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(target, reference).toBeDefined();
    }
    expect(Object.keys(document.components.securitySchemes)).toEqual(['firebase']);
  });

  it('describes each operation once and nothing else', () => {
    expect([...described.keys()].sort()).toEqual([...names].sort());
  });

  it.each(names)('%s: every variable of its path is declared, and every answer says what it means', (name) => {
    const operation: Operation = api[name];
    const { path, operation: entry } = find(name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable);
    const declared = entry.parameters.filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name).sort()).toEqual([...inPath].sort());
    for (const parameter of declared) expect(parameter).toMatchObject({ required: true, schema: { type: 'string' } });
    const fields = [
      ...entry.parameters.filter((parameter) => parameter.in !== 'header').map((parameter) => parameter.name),
      ...Object.keys(entry.requestBody?.content['application/json']?.schema.properties ?? {}),
    ];
    expect(fields.sort()).toEqual(Object.keys(operation.input.shape).sort());
    expect(entry.parameters.some((parameter) => parameter.name === 'Idempotency-Key')).toBe(operation.idempotent);
    expect(entry.security).toEqual(operation.access === 'public' ? [] : [{ firebase: [] }]);
    for (const code of operation.errors) {
      expect(entry.responses[String(errorTable[code].status)]?.description, code).toContain(code);
    }
    for (const [status, answer] of Object.entries(entry.responses)) {
      expect(answer.description, status).not.toBe('');
      const schema = answer.content['application/json']?.schema;
      if (status === '200' || status === '202') expect(schema?.type).toBe('object');
      else expect(schema?.$ref).toBe('#/components/schemas/Error');
    }
  });

  it.each(names)('%s keeps its form: no interface changes in silence', (name) => {
    const { path, method, operation } = find(name);
    const body = operation.requestBody?.content['application/json']?.schema;
    expect({
      route: `${method.toUpperCase()} ${path}`,
      tags: operation.tags,
      parameters: operation.parameters.map((one) => `${one.in} ${one.name}${one.required ? '' : '?'}`),
      body: body ?? null,
      output: operation.responses['200']?.content['application/json']?.schema,
      refusals: Object.fromEntries(
        Object.entries(operation.responses)
          .filter(([status]) => status !== '200')
          .map(([status, answer]) => [status, answer.description]),
      ),
    }).toMatchSnapshot();
  });
});
