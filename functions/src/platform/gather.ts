/** Something that waits for the next batch. */
interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes of `work`, which takes many items, what takes one: alone it is done at once; what comes while `parallel` batches are under way
 * waits and goes together in the next one. So nobody waits for company, and the busier it is, the less each item costs. `work` answers
 * in the order of the items. When it fails, each item of the batch fails with its error: items must be checked before they come here.
 */
export function gather<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  limits: { parallel: number; batch: number },
): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let underWay = 0;

  async function next(): Promise<void> {
    const batch = waiting.splice(0, limits.batch);
    if (batch.length === 0) return;
    underWay += 1;
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      underWay -= 1;
      void next();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay < limits.parallel) void next();
    });
}
