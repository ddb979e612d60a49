import { CodedError } from '../../shared/errors.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import { ensureMember, type SignedUpPerson } from '../../store/members.ts';

/** By then the app, which opens with the account, has told its language. */
const settlingMs = 10_000;

/**
 * Writes down who signed up and starts each step of setting up the account, and the recording of their welcome message. Safe to repeat,
 * and harmless when the event comes after the account was deleted: events may be late.
 */
export async function signUp(services: Services, person: SignedUpPerson): Promise<void> {
  const now = services.clock.now();
  try {
    await services.db.transaction(async (tx) => {
      const { id } = await ensureMember(tx, person, now);
      await prepareVoice(tx, id, now);
    });
  } catch (error) {
    if (error instanceof CodedError && error.code === 'account.erased') return;
    throw error;
  }
}

/** Once for a member. No signed-in operation repeats it: when the event is lost, the app's own first question does the same. */
async function prepareVoice(tx: Tx, memberId: string, now: Date): Promise<void> {
  const runAt = new Date(now.getTime() + settlingMs);
  await addJob(tx, { queue: 'projection', topic: 'voice.welcome', key: memberId, payload: { memberId }, runAt }, now);
}
