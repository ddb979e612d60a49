import type pg from 'pg';
import type { OutboxEntry } from './outbox.ts';

/** What the store needs of a connection; a pool, a client in a transaction and a test database all are one. */
export interface Queryable {
  /**
   * Runs one statement. With `name`, each connection has the server keep its plan under that name, which saves what parsing and planning
   * cost: for the few statements that run all the time. The name belongs to one text, and the text must not say `*`: a plan that is kept
   * fails once a migration has changed what the star stands for.
   */
  query<R extends object>(
    text: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<{ rows: R[]; rowCount: number | null }>;
}

/** A transaction. `deferred` collects outbox entries; they become tasks once the transaction has committed. */
export interface Tx extends Queryable {
  readonly deferred: OutboxEntry[];
  /** What needs doing once in a transaction however many steps ask for it, by name. */
  readonly once: Set<string>;
}

export interface Db extends Queryable {
  /**
   * Runs `work` in one transaction and repeats it when Postgres gives it up for a deadlock or serialisation failure: `work`
   * must therefore do nothing outside of the database. Never call a vendor in it.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * As `transaction` for work that is one statement, which is a transaction of its own: one round trip instead of three. A second
   * statement throws.
   */
  statement<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** Three tries: a deadlock among more than three transactions on the same rows is a fault to see, not to hide. */
const maxAttempts = 3;
const repeatable = new Set(['40001', '40P01']);

function isRepeatable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && repeatable.has(String(error.code));
}

/** Loads the driver at the first query: a function that starts, or answers without the database, does not pay for it. */
async function loadDriver(): Promise<typeof pg> {
  const { default: driver } = await import('pg');
  // Whole numbers come as bigint, never as float; numeric(38,0) likewise (the schema has no other numeric).
  driver.types.setTypeParser(driver.types.builtins.INT8, (text) => BigInt(text));
  driver.types.setTypeParser(driver.types.builtins.NUMERIC, (text) => BigInt(text));
  return driver;
}

async function openPool(options: { connectionString: string; max: number }): Promise<pg.Pool> {
  const driver = await loadDriver();
  const pool = new driver.Pool({
    connectionString: options.connectionString,
    max: options.max,
    // Shorter than the idle limit of Cloud SQL's proxy, so that a frozen instance doesn't wake up with dead sockets.
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 20_000,
  });
  // A client that loses its server says so here when it is idle, and itself when a transaction holds it between two statements.
  // Without listeners Node would end the process, and all other work in it. The next statement fails, the next query reconnects.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function run<R extends object>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  values: readonly unknown[],
  name: string | undefined,
): Promise<{ rows: R[]; rowCount: number | null }> {
  const result = await client.query(
    name === undefined ? { text, values: values as unknown[] } : { text, values: values as unknown[], name },
  );
  return { rows: result.rows as R[], rowCount: result.rowCount };
}

/**
 * Opens a pool on `connectionString` with at most `max` connections. `onCommitted` hears the outbox entries of each committed
 * transaction; its failure never fails the work, because the sweeper finds what it missed.
 */
export function openDb(options: {
  connectionString: string;
  max: number;
  onCommitted: (entries: OutboxEntry[]) => Promise<void>;
}): Db {
  let opened: Promise<pg.Pool> | undefined;
  const pool = () => (opened ??= openPool(options));

  async function attempt<T>(work: (tx: Tx) => Promise<T>): Promise<{ value: T; deferred: OutboxEntry[] }> {
    const client = await (await pool()).connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const tx: Tx = {
        query: (text, values = [], name) => run(client, text, values, name),
        deferred: [],
        once: new Set(),
      };
      const value = await work(tx);
      await client.query('commit');
      return { value, deferred: tx.deferred };
    } catch (error) {
      await client.query('rollback').catch((rollbackError: unknown) => {
        broken = rollbackError instanceof Error ? rollbackError : new Error('rollback failed');
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** A statement alone is begun and committed by the server. */
  async function attemptAlone<T>(work: (tx: Tx) => Promise<T>): Promise<{ value: T; deferred: OutboxEntry[] }> {
    const driver = await pool();
    let statements = 0;
    const tx: Tx = {
      query: (text, values = [], name) => {
        statements += 1;
        if (statements > 1) throw new Error('a second statement would not be part of the first one: use transaction');
        return run(driver, text, values, name);
      },
      deferred: [],
      once: new Set(),
    };
    return { value: await work(tx), deferred: tx.deferred };
  }

  async function repeating<T>(once: () => Promise<{ value: T; deferred: OutboxEntry[] }>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { value, deferred } = await once();
        if (deferred.length > 0) await options.onCommitted(deferred);
        return value;
      } catch (error) {
        if (tries >= maxAttempts || !isRepeatable(error)) throw error;
      }
    }
  }

  return {
    query: async (text, values = [], name) => run(await pool(), text, values, name),
    transaction: (work) => repeating(() => attempt(work)),
    statement: (work) => repeating(() => attemptAlone(work)),
    end: async () => {
      await (await opened)?.end();
    },
  };
}
