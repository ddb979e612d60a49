import { reversalOf, type Posting } from '../../domain/ledger/posting.ts';
import { feeCharged } from '../../domain/ledger/templates.ts';
import { minor, type Amount, type Currency } from '../../shared/money.ts';
import { insertMovement } from '../../store/balance-movements.ts';
import { post } from '../../store/ledger.ts';
import type { BalanceTransaction } from '../../vendors/payments/port.ts';
import type { Check } from './check.ts';

/** Movements written in one transaction: enough to save round trips, few enough that no lock is held for long. */
const batchSize = 50;

/**
 * Reads what moved our balance at the payment provider in the span, and books its fees: nothing else tells us of them. A movement
 * never changes at the provider, so one that was read before is passed over. Safe to repeat and to run twice at once.
 */
export async function readMovements({ services, span }: Check): Promise<void> {
  const payments = await services.payments();
  let batch: BalanceTransaction[] = [];
  for await (const movement of payments.listBalanceTransactions(span)) {
    batch.push(movement);
    if (batch.length < batchSize) continue;
    await keep(batch);
    batch = [];
  }
  await keep(batch);

  async function keep(movements: BalanceTransaction[]): Promise<void> {
    // In one order for everybody: two runs over the same span then wait for each other instead of blocking each other.
    const sorted = movements.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await services.db.transaction(async (tx) => {
      for (const movement of sorted) {
        const fee = feePosting(movement);
        if ((await insertMovement(tx, movement)) && fee) await post(tx, fee);
      }
    });
  }
}

/** The posting of a movement's fee; the exact reversal where the provider gives a fee back. Null where there is none. */
export function feePosting(movement: BalanceTransaction): Posting | null {
  // Fees that are billed by themselves are a movement of their own kind, with the amount taken from us below zero.
  const fee = movement.kind === 'stripe_fee' ? movement.fee - movement.amount : movement.fee;
  if (fee === 0n) return null;
  const { id: balanceTransactionId, currency, createdAt: at } = movement;
  const charged = (amount: Amount<Currency>) =>
    // The subject must never change for one movement, so it is not the order, which may be found only later.
    feeCharged({ subject: movement.sourceId ?? balanceTransactionId, balanceTransactionId, amount, currency, at });
  return fee > 0n ? charged(minor(currency, fee)) : reversalOf(charged(minor(currency, -fee)), at);
}
