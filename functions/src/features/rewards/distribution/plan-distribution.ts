import { audit } from '../../../platform/audit.ts';
import type { Handler } from '../../../platform/operations.ts';
import { lookerOf } from './looker-of.ts';
import { startRun } from './start-run.ts';
import { reportDistribution } from './report-distribution.ts';
import { readRunView } from './view-run.ts';

/**
 * Says what a payment planned now would be, or plans one. A dry run keeps and reserves nothing. A real one is opened under the name of the
 * request, so that a repeated request finds the same run, and its batches are made in the background. Throws `chain.not_set_up`.
 */
export const planDistribution: Handler<'planDistribution'> = async (context, { dryRun }) => {
  const { services, suffix, role } = context;
  if (dryRun) return { report: await reportDistribution(services), run: null };
  const looker = lookerOf(context);
  const { db, clock } = services;
  const { id } = await startRun(services, { key: suffix, requestedBy: looker.uid }, (tx, run) =>
    audit(tx, { actor: looker.uid, role, action: 'distribution.planned', subject: run.id }, clock.now()),
  );
  return { report: null, run: await readRunView(db, id, looker) };
};
