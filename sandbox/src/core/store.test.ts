import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

describe('the store', () => {
  let store: Store;
  beforeEach(() => {
    store = openStore(':memory:');
  });
  afterEach(() => store.close());

  it('lists in creation order, also after a document was rewritten', () => {
    for (const id of ['c', 'a', 'b']) store.put('thing', id, { id });
    store.put('thing', 'c', { id: 'c', changed: true });
    expect(store.list('thing')).toEqual([{ id: 'c', changed: true }, { id: 'a' }, { id: 'b' }]);
    expect(store.list('thing', {}, { order: 'desc', limit: 2 })).toEqual([{ id: 'b' }, { id: 'a' }]);
  });

  it('finds by all given indexes and forgets the indexes of an older version', () => {
    store.put('thing', '1', { n: 1 }, { color: 'red', size: 'small' });
    store.put('thing', '2', { n: 2 }, { color: 'red', size: 'large' });
    store.put('other', '3', { n: 3 }, { color: 'red', size: 'large' });
    expect(store.list('thing', { color: 'red', size: 'large' })).toEqual([{ n: 2 }]);
    store.put('thing', '2', { n: 2 }, { color: 'blue' });
    expect(store.list('thing', { color: 'red' })).toEqual([{ n: 1 }]);
    expect(store.count('thing', { color: 'blue' })).toBe(1);
  });

  it('writes all of a transaction or nothing, at every depth', () => {
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() =>
      store.transaction(() => {
        store.put('thing', 'outer', {});
        fail();
      }),
    ).toThrow('no');
    expect(store.get('thing', 'outer')).toBeUndefined();
    store.transaction(() => {
      store.put('thing', 'kept', {});
      expect(() =>
        store.transaction(() => {
          store.put('thing', 'inner', {});
          fail();
        }),
      ).toThrow('no');
    });
    expect(store.get('thing', 'kept')).toEqual({});
    expect(store.get('thing', 'inner')).toBeUndefined();
  });

  it('deletes, prunes to the newest, and leaves no index behind', () => {
    for (let n = 1; n <= 5; n++) store.put('thing', String(n), { n }, { all: 'yes' });
    store.delete('thing', '5');
    store.prune('thing', 2);
    expect(store.list('thing', { all: 'yes' })).toEqual([{ n: 3 }, { n: 4 }]);
    store.clear();
    expect(store.count('thing', { all: 'yes' })).toBe(0);
  });

  it('counts from 1 for each name', () => {
    expect([store.nextNumber('a'), store.nextNumber('a'), store.nextNumber('b')]).toEqual([1, 2, 1]);
  });

  it('gives copies: changing what was read changes nothing', () => {
    store.put('thing', '1', { n: 1 });
    const read = store.get<{ n: number }>('thing', '1');
    if (read) read.n = 2;
    expect(store.get('thing', '1')).toEqual({ n: 1 });
  });
});

describe('a store in a file', () => {
  it('finds everything again after it was closed and opened', () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'));
    const file = join(folder, 'inside', 'sandbox.sqlite');
    const first = openStore(file);
    first.put('thing', '1', { n: 1 }, { color: 'red' });
    first.nextNumber('a');
    first.close();
    const second = openStore(file);
    expect(second.list('thing', { color: 'red' })).toEqual([{ n: 1 }]);
    expect(second.nextNumber('a')).toBe(2);
    second.close();
    rmSync(folder, { recursive: true });
  });
});
