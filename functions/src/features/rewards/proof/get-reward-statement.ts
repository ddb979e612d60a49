import type { Handler } from '../../../platform/operations.ts';
import { CodedError } from '../../../shared/errors.ts';
import { findStatement } from '../../../store/reward-proofs.ts';

/** The signed statement of a day, or the newest. */
export const getRewardStatement: Handler<'getRewardStatement'> = async ({ services }, { date }) => {
  const found = await findStatement(services.db, date === 'latest' ? null : date);
  if (!found) throw new CodedError('not_found', 'there is no statement of that day');
  return found;
};
