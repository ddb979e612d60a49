import { makePosting, type Leg, type Posting } from '../../../src/domain/ledger/posting.ts';
import { openDb, type Db } from '../../../src/platform/db.ts';
import { minor, type Unit } from '../../../src/shared/money.ts';
import { foldLedger, post, type PostedTransfer } from '../../../src/store/ledger.ts';
import { freshDatabase } from '../../support/postgres.ts';

/** A database of one test file and a pool wide enough for twenty postings that wait for each other. */
export interface LedgerWorld {
  db: Db;
  url: string;
  /** Posts in a transaction of its own. */
  post(posting: Posting): Promise<PostedTransfer>;
  close(): Promise<void>;
}

export async function openLedger(): Promise<LedgerWorld> {
  const database = await freshDatabase();
  const db = openDb({ connectionString: database.url, max: 24, onCommitted: () => Promise.resolve() });
  return {
    db,
    url: database.url,
    post: (posting) => db.transaction((tx) => post(tx, posting)),
    close: async () => {
      await db.end();
      await database.drop();
    },
  };
}

/** A posting of legs `account code -> minor units`; the unit is the last part of the code. */
export function legs(key: string, amounts: Record<string, bigint>, template = 'test'): Posting {
  return makePosting({
    key,
    template,
    eventAt: new Date('2026-03-01T12:00:00Z'),
    legs: Object.entries(amounts).map(toLeg),
    meta: {},
  });
}

function toLeg([account, amount]: [string, bigint]): Leg {
  const unit = account.slice(account.lastIndexOf('/') + 1) as Unit;
  return { account, unit, amount: minor(unit, amount) };
}

/** Runs `work` on `count` connections at once and answers what each came to. */
export function race<T>(count: number, work: (index: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> {
  return Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)));
}

/**
 * Folds until `count` entries are folded. Transactions of other databases of the cluster hold a fold back too, so a single one may
 * come too early while other test files run. Throws when ten seconds were not enough.
 */
export async function foldEntries(db: Db, count: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  let folded = 0;
  while (folded < count) {
    if (Date.now() > deadline) throw new Error(`only ${String(folded)} of ${String(count)} entries were folded`);
    folded += await foldLedger(db);
  }
  if (folded !== count) throw new Error(`${String(folded)} entries were folded instead of ${String(count)}`);
}
