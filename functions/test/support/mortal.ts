import type { Queryable } from '../../src/platform/db.ts';
import type { Services } from '../../src/platform/container.ts';

/** What a dead process does with everything that is asked of it. */
export class ProcessDied extends Error {
  constructor(step: string) {
    super(`the process died ${step}`);
    this.name = 'ProcessDied';
  }
}

/** How a process died. */
export interface Death {
  readonly step: string;
  /** Calls of vendors that had gone out and of which nothing of ours knew yet, in all work under way, such as `mail.send welcome: mail.send`. */
  readonly unsaved: readonly string[];
}

/** A process of ours that dies where it is told, and from then on neither reads nor writes nor calls anybody. */
export interface MortalProcess {
  /** The steps that it came by so far, each once, in order. */
  readonly steps: readonly string[];
  readonly isDead: boolean;
  readonly death: Death | null;
  /** Calls of vendors of which nothing of ours knows yet, as in a Death. */
  readonly unsaved: readonly string[];
  /**
   * Gives the services with which the process does one piece of work. Its name is the first part of its steps' names; a second piece
   * of the same name gets a number.
   */
  begin(work: string): Services;
}

/**
 * Makes a process on top of `services`. Its steps are all that it waits for: every call of a vendor (before it, and after the vendor did
 * the work), every statement in the database, and every commit (before, and right after). It dies at the first one called `dieAt`, or of which `dieAt` says so.
 * `onDeath` may end a real process there and then; without it, all that follows is refused.
 */
export function mortalProcess(
  services: Services,
  dieAt: string | ((step: string) => boolean) | null = null,
  onDeath: (death: Death) => void = () => undefined,
): MortalProcess {
  const steps = new Set<string>();
  const begun = new Map<string, number>();
  const underWay = new Map<string, string[]>();
  let death: Death | null = null;

  function begin(work: string): Services {
    const count = (begun.get(work) ?? 0) + 1;
    begun.set(work, count);
    return servicesOf(count === 1 ? work : `${work} #${String(count)}`);
  }

  function servicesOf(work: string): Services {
    const seen = new Map<string, number>();
    const unsaved: string[] = [];
    underWay.set(work, unsaved);

    function mustLive(): void {
      if (death) throw new ProcessDied(`before, ${death.step}`);
    }
    function step(what: string): void {
      mustLive();
      const count = (seen.get(what) ?? 0) + 1;
      seen.set(what, count);
      const name = `${work}: ${what}${count === 1 ? '' : ` ${String(count)}`}`;
      steps.add(name);
      if (typeof dieAt === 'function' ? !dieAt(name) : name !== dieAt) return;
      death = { step: name, unsaved: unsavedCalls(underWay) };
      onDeath(death);
      throw new ProcessDied(name);
    }
    async function calling<T>(what: string, deed: () => Promise<T>): Promise<T> {
      step(`before ${what}`);
      unsaved.push(what);
      const result = await deed();
      step(`after ${what}`);
      return result;
    }
    const stepping = (db: Queryable, place: string): Queryable['query'] => {
      return async (text, values, name) => {
        mustLive();
        const result = await db.query(text, values, name);
        if (place === '' && isWrite(text)) unsaved.length = 0;
        step(`${place}${statementName(text)}`);
        return result as never;
      };
    };
    const mortal = <T extends object>(name: string, open: () => Promise<T>) => {
      return async () => mortalPort(name, await open(), calling);
    };
    return {
      ...services,
      clock: services.clock,
      policy: services.policy,
      users: services.users,
      payments: mortal('payments', services.payments),
      carrier: mortal('carrier', services.carrier),
      mail: mortal('mail', services.mail),
      chain: mortal('chain', services.chain),
      rewardSigner: mortal('rewardSigner', services.rewardSigner),
      voice: mortal('voice', services.voice),
      files: mortal('files', services.files),
      documents: mortal('documents', services.documents),
      db: {
        query: stepping(services.db, ''),
        async transaction(deed) {
          mustLive();
          const value = await services.db.transaction(async (tx) => {
            const done = await deed({ deferred: tx.deferred, once: tx.once, query: stepping(tx, 'in transaction, ') });
            step('before commit');
            return done;
          });
          unsaved.length = 0;
          step('after commit');
          return value;
        },
        // The server has committed it when it answers: a death right after leaves what was to follow from it undone.
        statement: (deed) =>
          services.db.statement((tx) => deed({ deferred: tx.deferred, once: tx.once, query: stepping(tx, '') })),
        end: () => services.db.end(),
      },
    };
  }

  return {
    begin,
    get steps() {
      return [...steps];
    },
    get isDead() {
      return death !== null;
    },
    get death() {
      return death;
    },
    get unsaved() {
      return unsavedCalls(underWay);
    },
  };
}

function unsavedCalls(underWay: ReadonlyMap<string, readonly string[]>): string[] {
  return [...underWay].flatMap(([work, calls]) => calls.map((call) => `${work}: ${call}`));
}

/** A statement that changes a table, which may begin with what it reads. */
const writing = /^\s*(?:with\b[^]*?\b)?(?:insert into|update|delete from)\s+([\w.]+)/i;

function isWrite(text: string): boolean {
  return writing.test(text);
}

function statementName(text: string): string {
  const written = writing.exec(text)?.[1];
  if (written !== undefined) return `after writing ${written}`;
  const called = /\b(ledger\.(?:post|reverse))\(/.exec(text)?.[1];
  if (called !== undefined) return `after ${called}`;
  return `after reading ${/\bfrom\s+([\w.]+)/i.exec(text)?.[1] ?? 'something'}`;
}

type Around = <T>(what: string, deed: () => Promise<T>) => Promise<T>;

function mortalPort<T extends object>(name: string, port: T, around: Around): T {
  return new Proxy(port, {
    get(target, method, receiver) {
      const original: unknown = Reflect.get(target, method, receiver);
      // These two answer at once: no call leaves the process.
      if (typeof original !== 'function' || method === 'verifyWebhook' || method === 'listBalanceTransactions')
        return original;
      return (...args: unknown[]) =>
        around(`${name}.${String(method)}`, async () => (await Reflect.apply(original, target, args)) as unknown);
    },
  });
}
