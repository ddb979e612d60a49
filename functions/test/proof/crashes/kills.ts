import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../../../../dev/net.ts';
import { shop as openShop } from '../../support/shopping.ts';
import { judge, walk, type Attempt } from './attempt.ts';
import { KilledRun } from './killed-run.ts';
import type { Outcome } from './outcome.ts';
import { paths } from './paths.ts';
import { hostRemote } from './remote.ts';
import { startTasksEmulator } from './tasks-emulator.ts';

/** A death of a real process: where, and what an undisturbed run of the path leaves. */
export interface Kill {
  path: string;
  point: string;
  expected: Outcome;
}

const STATE_DIR = path.resolve(import.meta.dirname, '../../../../.dotm-test', `kills-${String(process.pid)}`);

/**
 * Walks each path with a backend in a process of its own that gets SIGKILL at the point, its jobs brought by the Cloud Tasks emulator.
 * Begins none after `minutes`.
 */
export async function killAll(
  kills: readonly Kill[],
  tell: (line: string) => void,
  minutes = Infinity,
): Promise<Attempt[]> {
  const endAt = performance.now() + minutes * 60_000;
  await mkdir(STATE_DIR, { recursive: true });
  const port = await freePort();
  const tasks = await startTasksEmulator(`http://127.0.0.1:${String(port)}/task`);
  try {
    const attempts: Attempt[] = [];
    for (const kill of kills) {
      if (performance.now() > endAt) break;
      const made = await killOnce(kill, port, tasks.host);
      attempts.push(made);
      tell(
        `killed ${kill.path}/${kill.point}: ${made.reached ? made.failures.join('; ') || 'ended well' : 'not come by'}`,
      );
    }
    return attempts;
  } finally {
    await tasks.stop();
    await rm(STATE_DIR, { recursive: true, force: true });
  }
}

async function killOnce({ path: name, point, expected }: Kill, port: number, tasksHost: string): Promise<Attempt> {
  const startedAt = performance.now();
  const way = paths.find((one) => one.name === name);
  if (!way) throw new Error(`there is no path ${name}`);
  const shop = await openShop({ taxes: way.taxes ?? false });
  const remote = await hostRemote({ documents: shop.projected, users: shop.people });
  await shop.control.setWebhookTarget('stripe', `http://127.0.0.1:${String(port)}/webhook`);
  const run = new KilledRun({ shop, port, tasksHost, remoteUrl: remote.url, stateDir: STATE_DIR }, point);
  try {
    const outcome = await walk(way, run);
    const { death } = run;
    const verdict = death
      ? await judge(way, run, death, expected, outcome)
      : { failures: [], doubledMails: 0, emptyGroups: 0 };
    return { path: name, point, reached: death !== null, ms: performance.now() - startedAt, ...verdict };
  } catch (error) {
    // A path that can't be walked to its end after a death is a finding like any other; the next points must still be tried.
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const nothing = { doubledMails: 0, emptyGroups: 0 };
    return { path: name, point, reached: true, ms: performance.now() - startedAt, failures: [failure], ...nothing };
  } finally {
    await run.stop();
    await remote.close();
    await shop.stop();
  }
}
