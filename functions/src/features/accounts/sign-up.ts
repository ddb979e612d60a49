import { CodedError } from '../../shared/errors.ts';
import type { Services } from '../../platform/container.ts';
import { ensureMember, type SignedUpPerson } from '../../store/members.ts';

/**
 * Writes down who signed up and starts each step of setting up the account. Safe to repeat, and harmless when the event comes after
 * the account was deleted: events may be late.
 */
export async function signUp(services: Services, person: SignedUpPerson): Promise<void> {
  try {
    await services.db.transaction((tx) => ensureMember(tx, person, services.clock.now()));
  } catch (error) {
    if (error instanceof CodedError && error.code === 'account.erased') return;
    throw error;
  }
}
