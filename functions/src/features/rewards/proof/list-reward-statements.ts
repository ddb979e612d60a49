import type { Handler } from '../../../platform/operations.ts';
import { listStatements } from '../../../store/reward-proofs.ts';

/** A month of statements at a time. */
const pageLength = 31;

/** Signed statements, the newest first. */
export const listRewardStatements: Handler<'listRewardStatements'> = async ({ services }, { before }) => ({
  statements: await listStatements(services.db, before ?? null, pageLength),
});
