import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepBodiesOutOfLog } from './server-log.ts';

let written: string[];
let said: unknown[];
let undo: () => void;

beforeEach(() => {
  written = [];
  said = [];
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => void said.push(...words));
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    written.push(String(line));
    return true;
  });
  undo = keepBodiesOutOfLog();
});
afterEach(() => {
  undo();
  vi.restoreAllMocks();
});

it('of a body that the server could not read, the log keeps what was wrong and nothing of the body', () => {
  const error = Object.assign(new SyntaxError('Unexpected token h, "hunter2" is not valid JSON'), {
    type: 'entity.parse.failed',
    status: 400,
    body: 'hunter2',
  });
  console.error(error);
  expect(said).toEqual([]);
  expect(written.join()).toContain('entity.parse.failed');
  expect(written.join()).not.toContain('hunter2');
});

it('what else is said on the console stays as it is', () => {
  const error = new Error('the database is away');
  console.error('starting failed', error);
  expect(said).toEqual(['starting failed', error]);
});
