import {
  readLedgerProblems,
  readMisbookedOrders,
  readMisstatedFunds,
  type MisbookedOrder,
} from '../../store/reconciliation-checks.ts';
import { readMisstatedRewards } from '../../store/reward-checks.ts';
import { allRows, type Check, type Finding } from './check.ts';

/** The ledger against the orders, against the rewards, and against itself. */
export async function compareLedger(check: Check): Promise<void> {
  const { db } = check.services;
  const misbooked = allRows(
    (after, limit) => readMisbookedOrders(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of misbooked) for (const finding of explain(row)) await check.report(finding);
  const misstated = allRows(
    (after, limit) => readMisstatedFunds(db, after, limit),
    (row) => row.code,
  );
  for await (const { code, currency, expected, found } of misstated) {
    const cause = `this account holds another sum than the member's undelivered orders say: compare its entries with the orders.`;
    await check.report({ kind: 'funds_misstated', subject: code, unit: currency, expected, found, cause });
  }
  const misstatedRewards = allRows(
    (after, limit) => readMisstatedRewards(db, after, limit),
    (row) => row.subject,
  );
  for await (const { subject, expected, found } of misstatedRewards) {
    const cause = `tokens stand here that the rewards and their uses don't explain, or the other way round: compare them with the entries, and pay nobody out of it before it is mended.`;
    await check.report({ kind: 'reward_misstated', subject, unit: 'DOTM', expected, found, cause });
  }
  for (const { problem, subject } of await readLedgerProblems(db)) {
    const cause = `the ledger contradicts itself (${problem}): stop and call an engineer before anything is corrected.`;
    await check.report({ kind: 'ledger_contradiction', subject, unit: null, expected: null, found: null, cause });
  }
}

function explain(row: MisbookedOrder): Finding[] {
  const accounts = [
    { name: 'stripe_clearing', expected: row.clearing_expected, found: row.clearing },
    { name: 'funds', expected: row.settled ? 0n : row.owed_expected, found: row.funds },
    { name: 'revenue', expected: row.settled ? row.owed_expected : 0n, found: row.revenue },
    { name: 'disputes', expected: row.disputes_expected, found: row.disputes },
    { name: 'sales_tax', expected: row.tax_expected, found: row.tax },
  ];
  return accounts
    .filter(({ expected, found }) => expected !== found)
    .map(({ name, expected, found }) => ({
      kind: 'order_misbooked',
      subject: row.id,
      unit: row.currency,
      expected,
      found,
      cause: `the order's postings on account ${name} don't add up to its payment, refunds and disputes: compare its transfers with its timeline.`,
    }));
}
