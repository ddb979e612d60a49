import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';

/** How `list` sorts and how many rows it answers at most (no limit when absent). Order is creation order. */
export interface ListOptions {
  order?: 'asc' | 'desc';
  limit?: number;
}

/** A durable heap of JSON documents by kind and id, with equality indexes. Every vendor stand-in keeps its state here. */
export interface Store {
  /** Reads one document, or undefined. The answer is a copy: changing it changes nothing until `put`. */
  get<T>(kind: string, id: string): T | undefined;
  /** Writes one document. A rewrite keeps its place in creation order and replaces its indexes, so name all of them each time. */
  put(kind: string, id: string, value: object, indexes?: Record<string, string>): void;
  /** Lists documents of a kind whose indexes equal all of `where`, in creation order (oldest first unless told). */
  list<T>(kind: string, where?: Record<string, string>, options?: ListOptions): T[];
  /** Counts documents of a kind whose indexes equal all of `where`. */
  count(kind: string, where?: Record<string, string>): number;
  /** Removes one document; nothing happens when there is none. */
  delete(kind: string, id: string): void;
  /** Keeps the newest `keep` documents of a kind and removes the rest. Journals stay bounded by it. */
  prune(kind: string, keep: number): void;
  /** Runs `fn` (synchronous!) so that all its writes happen or none. Nests. */
  transaction<T>(fn: () => T): T;
  /** Removes everything, counters included. */
  clear(): void;
  /** Counts up from 1 per name. Never gives the same number twice until `clear`. */
  nextNumber(name: string): number;
  /** Closes the file. No call may follow. */
  close(): void;
}

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma busy_timeout = 5000;
  create table if not exists item (
    seq integer primary key autoincrement, kind text not null, id text not null, value text not null, unique (kind, id));
  create index if not exists item_by_kind on item (kind, seq);
  create table if not exists item_index (
    seq integer not null, kind text not null, name text not null, value text not null, primary key (seq, name)) without rowid;
  create index if not exists item_index_by_value on item_index (kind, name, value, seq);
  create table if not exists counter (name text primary key, value integer not null) without rowid;
`;

interface Filter {
  sql: string;
  values: SQLInputValue[];
}

function filterOf(kind: string, where: Record<string, string>): Filter {
  let sql = ' where item.kind = ?';
  const values: SQLInputValue[] = [kind];
  for (const [name, value] of Object.entries(where)) {
    sql += ' and item.seq in (select seq from item_index where kind = ? and name = ? and value = ?)';
    values.push(kind, name, value);
  }
  return { sql, values };
}

/**
 * Opens the sandbox's SQLite file, making it and its folder when missing; `:memory:` keeps everything in memory (tests).
 * SQLite, because the state must survive a restart of the sandbox in the middle of a payment, and Node 24 brings it along.
 */
export function openStore(file: string): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  return new SqliteStore(new DatabaseSync(file));
}

class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  #depth = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(SCHEMA);
  }

  #sql(text: string): ReturnType<DatabaseSync['prepare']> {
    let statement = this.#prepared.get(text);
    if (!statement) {
      statement = this.#db.prepare(text);
      this.#prepared.set(text, statement);
    }
    return statement;
  }

  get<T>(kind: string, id: string): T | undefined {
    const row = this.#sql('select value from item where kind = ? and id = ?').get(kind, id);
    return row ? (JSON.parse(String(row['value'])) as T) : undefined;
  }

  put(kind: string, id: string, value: object, indexes: Record<string, string> = {}): void {
    this.transaction(() => {
      const row = this.#sql(
        'insert into item (kind, id, value) values (?, ?, ?) on conflict (kind, id) do update set value = excluded.value returning seq',
      ).get(kind, id, JSON.stringify(value));
      const seq = Number(row?.['seq']);
      this.#sql('delete from item_index where seq = ?').run(seq);
      for (const [name, text] of Object.entries(indexes)) {
        this.#sql('insert into item_index (seq, kind, name, value) values (?, ?, ?, ?)').run(seq, kind, name, text);
      }
    });
  }

  list<T>(kind: string, where: Record<string, string> = {}, options: ListOptions = {}): T[] {
    const filter = filterOf(kind, where);
    const order = options.order === 'desc' ? 'desc' : 'asc';
    const rows = this.#sql(`select value from item${filter.sql} order by seq ${order} limit ?`).all(
      ...filter.values,
      options.limit ?? -1,
    );
    return rows.map((row) => JSON.parse(String(row['value'])) as T);
  }

  count(kind: string, where: Record<string, string> = {}): number {
    const filter = filterOf(kind, where);
    return Number(this.#sql(`select count(*) as n from item${filter.sql}`).get(...filter.values)?.['n'] ?? 0);
  }

  delete(kind: string, id: string): void {
    this.transaction(() => {
      this.#sql('delete from item_index where seq = (select seq from item where kind = ? and id = ?)').run(kind, id);
      this.#sql('delete from item where kind = ? and id = ?').run(kind, id);
    });
  }

  prune(kind: string, keep: number): void {
    this.transaction(() => {
      const edge = this.#sql('select seq from item where kind = ? order by seq desc limit 1 offset ?').get(kind, keep);
      if (!edge) return;
      const seq = Number(edge['seq']);
      this.#sql('delete from item_index where kind = ? and seq <= ?').run(kind, seq);
      this.#sql('delete from item where kind = ? and seq <= ?').run(kind, seq);
    });
  }

  transaction<T>(fn: () => T): T {
    const level = this.#depth++;
    this.#db.exec(level === 0 ? 'begin immediate' : `savepoint s${level}`);
    try {
      const result = fn();
      this.#db.exec(level === 0 ? 'commit' : `release s${level}`);
      return result;
    } catch (error) {
      this.#db.exec(level === 0 ? 'rollback' : `rollback to s${level}; release s${level}`);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  clear(): void {
    this.#db.exec('delete from item_index; delete from item; delete from counter;');
  }

  nextNumber(name: string): number {
    const row = this.#sql(
      'insert into counter (name, value) values (?, 1) on conflict (name) do update set value = value + 1 returning value',
    ).get(name);
    return Number(row?.['value']);
  }

  close(): void {
    this.#db.close();
  }
}
