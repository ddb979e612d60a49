import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyBooks } from '../../../src/features/reconciliation/verify-books.ts';
import { buyer, operator } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { call, settle, shop } from '../../support/shopping.ts';

let services: TestServices;
beforeEach(async () => {
  services = await shop();
  await buyer(services, 'ada');
  await settle(services);
});
afterEach(() => services.stop());

async function openAlerts(): Promise<{ kind: string; message: string }[]> {
  const { alerts } = await call(services, 'listAlerts', {}, { token: operator(services, 'finance') });
  return alerts.filter(({ kind }) => kind === 'books_out_of_balance');
}

/** Adds to the oldest entry behind the ledger's back, as only somebody with the database's password could. */
async function falsify(by: bigint): Promise<void> {
  await services.db.query('alter table ledger.entries disable trigger all');
  await services.db.query(
    `update ledger.entries set amount = amount + $1
     where (transfer_id, account_id) = (select transfer_id, account_id from ledger.entries order by transfer_id, account_id limit 1)`,
    [by],
  );
  await services.db.query('alter table ledger.entries enable trigger all');
}

it('books that balance raise no alert', async () => {
  expect(await verifyBooks(services)).toEqual({ problems: 0 });
  expect(await openAlerts()).toEqual([]);
});

it('an entry that was changed behind the back of the ledger raises one alert, however often it is looked at', async () => {
  await falsify(1n);
  const { problems } = await verifyBooks(services);
  expect(problems).toBeGreaterThan(0);
  await verifyBooks(services);
  const alerts = await openAlerts();
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.message).toContain('transfer does not sum to zero');
});

it('the alert is closed by the first run that finds the books in balance again', async () => {
  await falsify(1n);
  await verifyBooks(services);
  expect(await openAlerts()).toHaveLength(1);
  await falsify(-1n);
  expect(await verifyBooks(services)).toEqual({ problems: 0 });
  expect(await openAlerts()).toEqual([]);
});
