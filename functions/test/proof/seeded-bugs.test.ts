import { describe, expect, it } from 'vitest';
import { bugs, type Bug } from './crashes/bugs.ts';
import { startCrew } from './crashes/crew.ts';
import { patched, plant } from './crashes/planted.ts';
import type { Walks } from './crashes/worker.ts';

/** Has the sweep walk the bug's path and die at its points, in a copy of the sources that has the bug. */
async function hunt(bug: Bug): Promise<Walks> {
  const sources = await plant(bug, bugs.indexOf(bug));
  try {
    const crew = startCrew({ size: 1, root: sources.root });
    try {
      return await crew.perform({ kind: 'focus', path: bug.path, points: bug.points });
    } finally {
      await crew.stop();
    }
  } finally {
    await sources.remove();
  }
}

describe('the crash sweep finds what it is for', () => {
  // Two at a time, as there are cores.
  it.concurrent.each(bugs)('$name', async (bug) => {
    const { records, attempts } = await hunt(bug);
    expect(
      records.flatMap(({ failures }) => failures),
      'on a good day nothing shows',
    ).toEqual([]);
    const found = attempts.flatMap(({ failures }) => failures);
    expect(attempts.every(({ reached }) => reached)).toBe(true);
    process.stdout.write(
      `planted: ${bug.name}\n  died at ${bug.path}/${bug.points.join(', ')}\n  found: ${found.join('; ')}\n`,
    );
    expect(found.join('; ')).toMatch(bug.sign);
  });

  it('refuses to plant where the sources have moved on, so that no bug is thought found that was never there', () => {
    expect(() => patched('a b', 'c', 'd', 'here')).toThrow('matches 0 times');
    expect(() => patched('a a', 'a', 'd', 'here')).toThrow('matches 2 times');
    expect(patched('a b', 'b', 'c', 'here')).toBe('a c');
  });
});
