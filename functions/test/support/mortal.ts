import type { Services } from '../../src/platform/container.ts';

/** What a dead process does with everything that is asked of it. */
export class ProcessDied extends Error {
  constructor(step: string) {
    super(`the process died ${step}`);
    this.name = 'ProcessDied';
  }
}

/** A process of ours that dies where it is told, and from then on neither reads nor writes nor calls anybody. */
export interface MortalProcess {
  readonly services: Services;
  /** The steps that it came by so far, each once, in order. */
  readonly steps: readonly string[];
  readonly isDead: boolean;
  /** Says what it works on now, which is the first part of a step's name. */
  begin(work: string): void;
}

/**
 * Makes a process on top of `services`. Its steps are every call of a vendor (before it, and after the vendor did the work) and every
 * write to the database (before it is committed, and right after). It dies at the first one called `dieAt`.
 */
export function mortalProcess(services: Services, dieAt: string | null = null): MortalProcess {
  const steps = new Set<string>();
  let isDead = false;
  let work = '';
  let seen = new Map<string, number>();

  function mustLive(): void {
    if (isDead) throw new ProcessDied('before');
  }
  function step(what: string): void {
    mustLive();
    const count = (seen.get(what) ?? 0) + 1;
    seen.set(what, count);
    const name = `${work}: ${what}${count === 1 ? '' : ` ${String(count)}`}`;
    steps.add(name);
    if (name !== dieAt) return;
    isDead = true;
    throw new ProcessDied(name);
  }
  async function around<T>(what: string, deed: () => Promise<T>): Promise<T> {
    step(`before ${what}`);
    const result = await deed();
    step(`after ${what}`);
    return result;
  }
  const mortal = <T extends object>(name: string, open: () => Promise<T>) => {
    return async () => mortalPort(name, await open(), around);
  };

  return {
    services: {
      ...services,
      clock: services.clock,
      policy: services.policy,
      users: services.users,
      payments: mortal('payments', services.payments),
      carrier: mortal('carrier', services.carrier),
      mail: mortal('mail', services.mail),
      documents: mortal('documents', services.documents),
      db: {
        async query(text, values) {
          mustLive();
          const table = /^\s*(?:insert into|update|delete from)\s+(\w+)/i.exec(text)?.[1];
          if (table === undefined) return services.db.query(text, values);
          return around(`writing ${table}`, () => services.db.query(text, values));
        },
        async transaction(deed) {
          mustLive();
          const value = await services.db.transaction(async (tx) => {
            const done = await deed(tx);
            step('before commit');
            return done;
          });
          step('after commit');
          return value;
        },
        end: () => services.db.end(),
      },
    },
    get steps() {
      return [...steps];
    },
    get isDead() {
      return isDead;
    },
    begin(next) {
      work = next;
      seen = new Map();
    },
  };
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
