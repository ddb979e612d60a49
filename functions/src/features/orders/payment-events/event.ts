import type { Services } from '../../../platform/container.ts';
import type { Tx } from '../../../platform/db.ts';
import type { ReceivedEvent } from '../../../store/inbox.ts';

/** What came of an event, in a word; kept with it. */
export type EventOutcome = string;

/**
 * Handles one type of event in two parts: first it fetches the provider's present truth, outside of any transaction; then it gives
 * the effect, which runs in the transaction that marks the event done. Only the ids in the event are used.
 */
export type EventHandler = (services: Services, event: ReceivedEvent) => Promise<(tx: Tx) => Promise<EventOutcome>>;

/** The effect of an event that concerns nothing of ours. */
export function ignored(why: string): (tx: Tx) => Promise<EventOutcome> {
  return () => Promise.resolve(`ignored: ${why}`);
}
