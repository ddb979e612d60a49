import { describe, expect, it } from 'vitest';
import type { Recording } from './crashes/attempt.ts';
import { startCrew } from './crashes/crew.ts';
import { killAll, type Kill } from './crashes/kills.ts';
import { paths } from './crashes/paths.ts';
import { changesSomething, comesAgain, seeded, shuffled, spread } from './crashes/points.ts';
import { byPath, report } from './crashes/report.ts';

const isWhole = process.env['PROOF'] === 'full';
const only = process.env['PROOF_ONLY'];
const seed = Number(process.env['PROOF_SEED'] ?? 20261123);
/** After so many minutes a whole run begins no further kill and tells how many there were; their order is a matter of the seed. */
const minutes = Number(process.env['PROOF_MINUTES'] ?? Infinity);
/** On each path, beside one death between a commit and the tasks that follow from it. A real process takes seconds to start. */
const killsOnAPath = 2;

describe('a real process under SIGKILL, with jobs from the Cloud Tasks emulator', () => {
  it('leaves each order connected or refunded, once, with exact books, each mail, and projections like a rebuild', async () => {
    const startedAt = performance.now();
    const kills = await choose();
    const attempts = await killAll(kills, (line) => process.stdout.write(`${line}\n`), minutes);
    const seconds = (performance.now() - startedAt) / 1000;
    process.stdout.write(`${byPath(attempts)}\n${report(attempts, seconds, 'kills')}`);
    expect(attempts.filter(({ failures }) => failures.length > 0)).toEqual([]);
    // The queue brings jobs side by side, so that some pieces of work come in another number than they were recorded in.
    expect(attempts.filter(({ reached }) => !reached).length).toBeLessThanOrEqual(Math.ceil(attempts.length / 10));
  });

  async function choose(): Promise<Kill[]> {
    if (only !== undefined) return (await Promise.all(only.split(' | ').map(chooseOne))).flat();
    if (!isWhole) return chooseOne('card-paid/order.fulfil: after carrier.createLine');
    const random = seeded(seed);
    const records = await recordAll(paths.map(({ name }) => name));
    const kills = records.flatMap(({ path, points, outcome: expected }) =>
      [
        ...spread(points.filter(comesAgain).filter(changesSomething), killsOnAPath, random()),
        // A path that begins no order has few commits.
        `between commit ${String(1 + Math.floor(random() * (path === 'sign-up' ? 6 : 12)))} and its tasks`,
      ].map((point) => ({ path, point, expected })),
    );
    process.stdout.write(`kills: ${String(kills.length)} to try, seed ${String(seed)}\n`);
    return shuffled(kills, random);
  }

  async function chooseOne(name: string): Promise<Kill[]> {
    const [path = '', ...rest] = name.split('/');
    return (await recordAll([path])).map(({ outcome }) => ({ path, point: rest.join('/'), expected: outcome }));
  }

  async function recordAll(names: readonly string[]): Promise<Recording[]> {
    const crew = startCrew({ size: Math.min(2, names.length) });
    try {
      const walks = await Promise.all(names.map((path) => crew.perform({ kind: 'record', path })));
      const records = walks.flatMap(({ records: own }) => own);
      for (const { path, failures } of records) expect(failures, `${path}, undisturbed`).toEqual([]);
      return records;
    } finally {
      await crew.stop();
    }
  }
});
