import type { Handler } from '../../../platform/operations.ts';
import { countBatchesOfRuns, noBatches } from '../../../store/distribution-batches.ts';
import { listRuns } from '../../../store/distributions.ts';
import { lookerOf } from './looker-of.ts';
import { viewRun } from './view-run.ts';

/** A page of a month of daily runs, and a little more. */
const pageSize = 40;

/** Payments of rewards, newest first, a page at a time. */
export const listDistributions: Handler<'listDistributions'> = async ({ services, identity, role }, { before }) => {
  const { db } = services;
  const found = await listRuns(db, pageSize + 1, before);
  const runs = found.slice(0, pageSize);
  const counts = await countBatchesOfRuns(
    db,
    runs.map(({ id }) => id),
  );
  const looker = lookerOf({ identity, role });
  return {
    runs: runs.map((run) => viewRun(run, counts.get(run.id) ?? noBatches, looker)),
    next: found.length > pageSize ? (runs.at(-1)?.id ?? null) : null,
  };
};
