import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

/** Work that is done when the test says so. */
function heldWork() {
  const batches: { items: readonly number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const work = (items: readonly number[]) =>
    new Promise<readonly number[]>((resolve, reject) => {
      batches.push({ items, answer: () => resolve(items.map((item) => item * 10)), fail: reject });
    });
  return { batches, work };
}

describe('gathering work', () => {
  it('what comes alone begins at once', async () => {
    const { batches, work } = heldWork();
    const done = gather(work, { parallel: 1, batch: 10 })(1);
    expect(batches.map(({ items }) => items)).toEqual([[1]]);
    batches[0]?.answer();
    expect(await done).toBe(10);
  });

  it('what comes while others are under way goes together next, no more than a batch at a time', async () => {
    const { batches, work } = heldWork();
    const one = gather(work, { parallel: 1, batch: 2 });
    const all = [1, 2, 3, 4].map(one);
    expect(batches.map(({ items }) => items)).toEqual([[1]]);
    batches[0]?.answer();
    await all[0];
    batches[1]?.answer();
    await all[1];
    batches[2]?.answer();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40]);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  it('as many batches as are allowed run side by side', () => {
    const { batches, work } = heldWork();
    const one = gather(work, { parallel: 2, batch: 10 });
    for (const item of [1, 2, 3]) void one(item);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
  });

  it('a batch that fails fails each of its items, and what waits behind it goes on', async () => {
    const { batches, work } = heldWork();
    const one = gather(work, { parallel: 1, batch: 10 });
    const [first, second, third] = [one(1), one(2), one(3)];
    batches[0]?.fail(new Error('no database'));
    await expect(first).rejects.toThrow('no database');
    batches[1]?.answer();
    expect(await Promise.all([second, third])).toEqual([20, 30]);
  });

  it('work that throws before it begins fails its items like any other', async () => {
    const one = gather<number, number>(
      () => {
        throw new Error('no database');
      },
      { parallel: 1, batch: 10 },
    );
    await expect(Promise.all([one(1), one(2)])).rejects.toThrow('no database');
  });

  it('everybody gets their own answer, whatever comes when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (pauses, parallel, batch) => {
          let underWay = 0;
          const one = gather(
            async (items: readonly number[]) => {
              underWay += 1;
              expect(underWay).toBeLessThanOrEqual(parallel);
              expect(items.length).toBeLessThanOrEqual(batch);
              await Promise.resolve();
              underWay -= 1;
              return items.map((item) => item * 10);
            },
            { parallel, batch },
          );
          const answers: Promise<number>[] = [];
          for (const [item, pause] of pauses.entries()) {
            answers.push(one(item));
            for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
          }
          expect(await Promise.all(answers)).toEqual(pauses.map((_pause, item) => item * 10));
        },
      ),
    );
  });
});
