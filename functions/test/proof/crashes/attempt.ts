import type { Death } from '../../support/mortal.ts';
import type { Shop } from '../../support/shopping.ts';
import { shop as openShop } from '../../support/shopping.ts';
import { brokenRules, readOutcome, type Outcome } from './outcome.ts';
import type { Path } from './paths.ts';
import { Run } from './run.ts';
import type { Walker } from './walker.ts';
import { brokenPromises, compare, type Verdict } from './verdict.ts';

/** How far the end of a run is waited for: retries and looks at the carrier come to rest in it. */
const REST_SECONDS = 900;

/** What an undisturbed run of a path showed. */
export interface Recording {
  path: string;
  points: string[];
  outcome: Outcome;
  failures: string[];
}

/** What became of one death. `reached` is false when the run went another way and never came by the point. */
export interface Attempt extends Verdict {
  path: string;
  point: string;
  reached: boolean;
  ms: number;
}

/** Opens a shop for a few runs along a path. Ids and prices of another shop are unknown to it. */
export async function openSweepShop({ taxes = false }: Pick<Path, 'taxes'> = {}): Promise<Shop> {
  const opened = await openShop({ taxes });
  const idle = new Run(opened, null);
  await idle.work();
  return opened;
}

/** Goes along a path without dying. */
export async function record(shop: Shop, path: Path): Promise<Recording> {
  const { run, outcome } = await go(shop, path, null);
  const failures = [...brokenPromises(path, outcome), ...(await brokenRules(shop, run.who))];
  return { path: path.name, points: [...run.steps], outcome, failures };
}

/** Goes along a path, dies at `point`, and judges what is left when all has come to rest. */
export async function attempt(shop: Shop, path: Path, point: string, expected: Outcome): Promise<Attempt> {
  const startedAt = performance.now();
  const result = (verdict: Verdict, reached: boolean): Attempt => ({
    path: path.name,
    point,
    reached,
    ms: performance.now() - startedAt,
    ...verdict,
  });
  try {
    const { run, outcome } = await go(shop, path, point);
    if (run.death === null) return result({ failures: [], doubledMails: 0, emptyGroups: 0 }, false);
    return result(await judge(path, run, run.death, expected, outcome), true);
  } catch (error) {
    // A path that can't be walked to its end after a death is a finding like any other; the next points must still be tried.
    const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return result({ failures: [failure], doubledMails: 0, emptyGroups: 0 }, true);
  }
}

async function go(shop: Shop, path: Path, dieAt: string | null): Promise<{ run: Run; outcome: Outcome }> {
  // So that each run asks the provider for its prices, as the first one does.
  await shop.db.query('delete from provider_price');
  const run = new Run(shop, dieAt);
  return { run, outcome: await walk(path, run) };
}

/** Holds what is left after a death against the path's promise, the rules of any shop, and the undisturbed run. */
export async function judge(
  path: Path,
  walker: Walker,
  death: Death,
  expected: Outcome,
  outcome: Outcome,
): Promise<Verdict> {
  const verdict = compare(expected, outcome, death);
  const broken = [...brokenPromises(path, outcome), ...(await brokenRules(walker.shop, walker.who))];
  return { ...verdict, failures: [...broken, ...verdict.failures] };
}

/** Walks the whole path and tells what is left when all has come to rest. */
export async function walk(path: Path, walker: Walker): Promise<Outcome> {
  const since = walker.shop.clock.now();
  await path.script(walker);
  await walker.work(REST_SECONDS);
  return readOutcome(walker.shop, walker.who, since);
}
