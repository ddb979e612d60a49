/**
 * Walks paths in a process of its own: several of them use all cores, and a copy of the sources with a bug planted in it can be swept in
 * the same way. The parent sends one task after another; each gets its shop. What the backend logs goes to this process's output.
 */
import type { Shop } from '../../support/shopping.ts';
import { attempt, openSweepShop, record, type Attempt, type Recording } from './attempt.ts';
import type { Outcome } from './outcome.ts';
import { paths, type Path } from './paths.ts';
import { changesSomething, comesAgain, spread } from './points.ts';

/** What a parent asks for. */
export type Task =
  | { kind: 'record'; path: string }
  /** Goes along a path undisturbed, then dies at `count` of its points, evenly spaced from the place that `share` names. */
  | { kind: 'sample'; path: string; count: number; share: number }
  /** Goes along a path undisturbed, then dies at these points. */
  | { kind: 'focus'; path: string; points: readonly string[] }
  | { kind: 'attempt'; path: string; points: readonly string[]; expected: Outcome };

/** What the walks of a task showed. */
export interface Walks {
  records: Recording[];
  attempts: Attempt[];
}

/** What comes back for a task, once. */
export type Answer = Walks | { broken: string };

async function perform(task: Task): Promise<Walks> {
  const path = pathNamed(task.path);
  const shop = await openSweepShop(path);
  try {
    if (task.kind === 'attempt') {
      return { records: [], attempts: await attemptAll(shop, path, task.points, task.expected) };
    }
    const recorded = await record(shop, path);
    if (task.kind === 'record') return { records: [recorded], attempts: [] };
    const points = task.kind === 'focus' ? task.points : sampleOf(recorded.points, task);
    return { records: [recorded], attempts: await attemptAll(shop, path, points, recorded.outcome) };
  } finally {
    await shop.stop();
  }
}

function sampleOf(points: readonly string[], { count, share }: { count: number; share: number }): string[] {
  return spread(points.filter(comesAgain).filter(changesSomething), count, share);
}

async function attemptAll(shop: Shop, path: Path, points: readonly string[], expected: Outcome): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const point of points) {
    let made = await attempt(shop, path, point, expected);
    // Jobs that are due in one moment may change places; another run mostly comes by.
    if (!made.reached) made = await attempt(shop, path, point, expected);
    attempts.push(made);
  }
  return attempts;
}

function pathNamed(name: string): Path {
  const path = paths.find((one) => one.name === name);
  if (!path) throw new Error(`there is no path ${name}; there are ${paths.map((one) => one.name).join(', ')}`);
  return path;
}

process.on('message', (task: Task) => {
  perform(task).then(
    (walks) => process.send?.(walks satisfies Answer),
    (error: unknown) => {
      const broken = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.send?.({ broken } satisfies Answer);
    },
  );
});

// The parent is gone: nobody waits for what is under way.
process.on('disconnect', () => process.exit(1));
