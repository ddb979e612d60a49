import type { Services } from '../../platform/container.ts';
import { insertDifferences, type Difference, type Span } from '../../store/reconciliation-runs.ts';

/** Every kind of difference; README.md says what each means and what to do. */
export const differenceKinds = [
  'payment_without_order',
  'payment_not_booked',
  'payment_twice',
  'payment_differs',
  'payment_missing',
  'refund_unknown',
  'refund_not_booked',
  'refund_differs',
  'refund_not_made',
  'refund_missing',
  'refund_returned',
  'dispute_unknown',
  'dispute_differs',
  'dispute_without_withdrawal',
  'movement_unexplained',
  'order_misbooked',
  'funds_misstated',
  'reward_misstated',
  'ledger_contradiction',
  'line_unknown',
  'line_missing',
  'plans_differ',
  'carrier_refuses',
  'delivered_without_line',
  'delivered_without_plan',
  'event_open',
  'projection_stale',
  'left_out',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export type Finding = Difference & { kind: DifferenceKind };

/** What each part of a reconciliation works with. */
export interface Check {
  readonly services: Services;
  readonly span: Span;
  /** What happened after this may still be on its way between two parties: it is left for the next run. */
  readonly settledBefore: Date;
  /** Takes a difference down. */
  report(finding: Finding): Promise<void>;
}

/** Rows that a check reads at a time: one round trip each, and all that is in memory. */
const pageSize = 200;
/** Differences written at a time. */
const batchSize = 100;
/** Nobody works through more; when there are more, one cause lies behind most of them (a key of another account, a lost table). */
const maxFindings = 2_000;

/** Reads a check page by page, so that memory stays the same however much there is. `read` sorts by `idOf` and begins after it. */
export async function* allRows<Row>(
  read: (after: string, limit: number) => Promise<Row[]>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row> {
  for (let after = ''; ;) {
    const rows = await read(after, pageSize);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = idOf(last);
  }
}

/** Writes findings down in batches. `close` writes the rest and gives their number, those left out not counted. */
export function collectFindings(
  services: Services,
  runId: string,
): { report: Check['report']; close(): Promise<number> } {
  let waiting: Finding[] = [];
  let count = 0;
  let leftOut = 0;
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) await insertDifferences(services.db, runId, batch, services.clock.now());
  };
  const add = async (finding: Finding) => {
    count += 1;
    waiting.push(finding);
    if (waiting.length >= batchSize) await flush();
  };
  return {
    async report(finding) {
      if (count < maxFindings) await add(finding);
      else leftOut += 1;
    },
    async close() {
      if (leftOut > 0) {
        const cause = `${leftOut} more differences were found and not kept: most of them will have one cause. Mend it and run again.`;
        await add({ kind: 'left_out', subject: runId, unit: null, expected: null, found: null, cause });
      }
      await flush();
      return count;
    },
  };
}
