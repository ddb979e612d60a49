import { readOddMovements, readUnseenDisputes, type OddMovement } from '../../store/balance-movements.ts';
import { allRows, type Check, type DifferenceKind, type Finding } from './check.ts';

/** Disputed money, and movements of kinds that our books have no template for. */
export async function compareDisputes(check: Check): Promise<void> {
  const { db } = check.services;
  const odd = allRows(
    (after, limit) => readOddMovements(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of odd) await check.report(explain(row));
  const unseen = allRows(
    (after, limit) => readUnseenDisputes(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of unseen) {
    const cause = `dispute ${row.id} counts as money held back, but the provider has withdrawn nothing: a bank's inquiry takes no money. Answer it in the provider's dashboard; closed or won, it evens out.`;
    const amounts = { unit: row.currency, expected: -row.amount, found: 0n };
    await check.report({ kind: 'dispute_without_withdrawal', subject: row.order_id, ...amounts, cause });
  }
}

function explain(row: OddMovement): Finding {
  const found = (kind: DifferenceKind, subject: string, expected: bigint | null, cause: string): Finding => {
    return { kind, subject, unit: row.currency, expected, found: row.amount, cause };
  };
  if (row.kind === 'other' && row.refund_order !== null) {
    const cause = `the bank sent back refund ${row.source_id} and we have not booked it: the money is with us again and the member has nothing. Send its event again from the provider's dashboard, then refund the order anew or pay the member in another way.`;
    return found('refund_returned', row.refund_order, null, cause);
  }
  if (row.kind === 'other') {
    const cause = `the provider moved money for a reason that our books have no posting for (${row.source_id ?? 'no source'}): look ${row.id} up in the provider's dashboard and book it by hand.`;
    return found('movement_unexplained', row.id, null, cause);
  }
  if (row.dispute_order === null) {
    const cause = `the provider took or gave back disputed money (${row.source_id ?? 'no source'}) of a dispute that we don't know: send its event again from the provider's dashboard.`;
    return found('dispute_unknown', row.source_id ?? row.id, null, cause);
  }
  const expected = row.dispute_amount === null ? null : row.amount < 0n ? -row.dispute_amount : row.dispute_amount;
  const cause =
    expected === row.amount
      ? `the provider gave back the money of dispute ${row.source_id}, which counts as "${row.dispute_status}" with us: send its event again from the provider's dashboard.`
      : `dispute ${row.source_id} moved another amount at the provider than it has with us: compare both.`;
  return found('dispute_differs', row.dispute_order, expected, cause);
}
