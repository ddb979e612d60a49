import { parseArgs } from 'node:util';
import { reconcile } from '../features/reconciliation/reconcile.ts';
import { reconcileLastDay } from '../features/reconciliation/reconcile-last-day.ts';
import { services } from '../platform/container.ts';
import { readDifferences } from '../store/reconciliation-runs.ts';

// Run as `node functions/src/ops/reconcile.ts` for what the nightly run does, or with `--from 2026-11-01 --to 2026-11-08` for a span of
// one's own, with the configuration of the functions in the environment. Ends with 1 when there are differences.
const usage = 'usage: reconcile.ts [--from <time> --to <time>], times as 2026-11-01 or 2026-11-01T12:00:00Z\n';

/** As many as a terminal shows; all of them are in the database and in the operators' room. */
const shown = 100;

function readSpan(): { from: Date; to: Date } | null {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
  if (values.from === undefined && values.to === undefined) return null;
  const [from, to] = [new Date(values.from ?? ''), new Date(values.to ?? '')];
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) {
    process.stderr.write(usage);
    process.exit(2);
  }
  return { from, to };
}

const span = readSpan();
if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: name the database to reconcile');
try {
  const { runId, differences } = await (span ? reconcile(services(), span) : reconcileLastDay(services()));
  for (const { kind, subject, cause } of await readDifferences(services().db, runId, shown)) {
    process.stdout.write(`${kind} ${subject}: ${cause}\n`);
  }
  process.stdout.write(`${runId}: ${differences} ${differences === 1 ? 'difference' : 'differences'}\n`);
  process.exitCode = differences > 0 ? 1 : 0;
} finally {
  await services().db.end();
}
