import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpCall } from '../http.ts';
import { carrierError, CarrierEmailKnownError, isNotFound } from './errors.ts';

const call: HttpCall = { method: 'POST', route: '/v3/lines/line' };
const answer = (status: number, json: unknown, empty = false): HttpAnswer => ({ status, ok: false, empty, json });

describe('carrierError', () => {
  it('names code 6805, with which the caller adopts the end user', () => {
    const details = { email: 'A user already exists with the same email.' };
    const error = carrierError(call, answer(400, { error: 'Invalid parameters', code: 6805, details }));
    expect(error).toBeInstanceOf(CarrierEmailKnownError);
    expect(error).toMatchObject({ code: 'vendor.refused', retry: false });
  });

  it('never retries code 3', () => {
    const error = carrierError(call, answer(400, { error: 'Invalid parameters', code: 3 }));
    expect(error).toMatchObject({
      code: 'vendor.refused',
      message: 'OXIO POST /v3/lines/line answered 400 (Invalid parameters; code 3)',
    });
  });

  it('keeps of the details only the fields, because the texts may repeat the values', () => {
    const json = { error: 'bad ada@example.com', code: 9, details: { email: 'ada@example.com is no address' } };
    expect(carrierError(call, answer(422, json)).message).toBe(
      'OXIO POST /v3/lines/line answered 422 (bad [address]; code 9; fields email)',
    );
  });

  it.each([
    ['a limit', answer(429, { error: 'slow down' })],
    ['an outage', answer(503, { error: 'sorry' })],
    ['wrong credentials', answer(401, { error: 'Unauthorized', code: 16 })],
    ['HTML, whatever its status', answer(400, undefined)],
    ['HTML with status 200', answer(200, undefined)],
    ['an empty body', answer(404, undefined, true)],
    ['JSON that OXIO did not write', answer(404, { message: 'no route' })],
  ])('retries %s', (_, it) => {
    expect(carrierError(call, it).code).toBe('vendor.unavailable');
  });

  it('tells an operator where to look when credentials or address are refused', () => {
    expect(carrierError(call, answer(403, undefined)).message).toContain(
      'check the credentials and the allowed addresses',
    );
  });
});

describe('isNotFound', () => {
  it('believes OXIO, and no gateway on the way', () => {
    expect(isNotFound(answer(404, { error: 'End user not found', code: 5 }))).toBe(true);
    expect(isNotFound(answer(404, undefined))).toBe(false);
    expect(isNotFound(answer(404, { message: 'no route' }))).toBe(false);
    expect(isNotFound(answer(400, { error: 'Invalid parameters', code: 3 }))).toBe(false);
  });
});
