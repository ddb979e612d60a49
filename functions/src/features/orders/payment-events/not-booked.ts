import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import { TryLater } from '../../../platform/jobs.ts';
import type { ReceivedEvent } from '../../../store/inbox.ts';
import { findMemberByCustomer } from '../../../store/members.ts';

/** Longer than an unpaid order lives: by then the sweeper has asked for its payment, if no event told of it. */
const patienceSeconds = 3 * 3600;

/**
 * An event speaks of a payment that no order knows. When it was made by a customer of ours, the event of the payment itself is still on
 * its way (events come in any order), so this one comes back: throws TryLater, ever more rarely. Anybody else's payment, and one that
 * is still unknown after hours, was made by other means than an order and is none of ours.
 */
export async function notBooked(
  tx: Tx,
  services: Services,
  event: ReceivedEvent,
  customerId: string | null,
): Promise<string> {
  const isOurs = customerId !== null && (await findMemberByCustomer(tx, customerId)) !== null;
  const ageSeconds = (services.clock.now().getTime() - event.receivedAt.getTime()) / 1000;
  if (!isOurs || ageSeconds > patienceSeconds) return 'ignored: not ours';
  throw new TryLater('the payment that this is about is not booked yet', Math.min(300, Math.max(5, ageSeconds / 2)));
}
