import type { FaultInput } from '../../../../sandbox/src/core/faults.ts';
import type { ControlClient } from '../../../../sandbox/src/control-client.ts';
import type { Loss, MortalPostgres } from './database.ts';

/** What the weather did, for the report. */
export interface Damage {
  losses: Record<Loss, number>;
  /** Calls that were hit, by kind of fault. */
  faults: Record<string, number>;
}

/** A way in which a vendor fails. */
type Fault = Pick<FaultInput, 'kind' | 'status' | 'delayMs' | 'headers'>;

const faults: Fault[] = [
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'hang' },
  { kind: 'works-then-hangs' },
  { kind: 'works-then-status', status: 500 },
  { kind: 'works-then-status', status: 502 },
  { kind: 'delay', delayMs: 300 },
];

/** What the carrier refuses for good: such an order can only be paid back. */
const refusal: FaultInput = {
  ...{ vendor: 'oxio', method: 'POST', path: '/v2/subscriptions' },
  ...{ kind: 'status', status: 400, body: { error: 'Invalid parameters', code: 3 } },
};

/** The parts of each vendor that fail: its API, not the pages that people pay on. */
const vendors = [
  { vendor: 'stripe', path: '/v1/**' },
  { vendor: 'oxio', path: '/**' },
  { vendor: 'sendgrid', path: '/**' },
];

const losses: Loss[] = ['server killed', 'connections cut', 'backend killed'];

/**
 * Fails vendors all the time, and loses the database again about `restMs` after it came back, until `isOver` says so; then the sky is
 * clear.
 */
export async function badWeather(
  control: ControlClient,
  postgres: MortalPostgres,
  restMs: number,
  isOver: () => boolean,
): Promise<Damage> {
  const damage: Damage = { losses: { 'server killed': 0, 'backend killed': 0, 'connections cut': 0 }, faults: {} };
  const [faultsPlayed] = await Promise.all([
    failVendors(control, isOver),
    losePostgres(postgres, damage.losses, restMs, isOver),
  ]);
  return { ...damage, faults: faultsPlayed };
}

async function failVendors(control: ControlClient, isOver: () => boolean): Promise<Record<string, number>> {
  const planned = new Map<string, { name: string; times: number }>();
  for (let round = 0; !isOver(); round += 1) {
    // The first rule that fits is the one that hits, so this one stands before the others of its round.
    if (round % 4 === 0) planned.set((await control.addFault(refusal)).id, { name: nameOf(refusal), times: 1 });
    for (const place of vendors) {
      const fault = pick(faults);
      // Once in a while a vendor is away for longer than the retries of one call.
      const times = round % 12 === 0 ? 12 : 1 + Math.floor(Math.random() * 3);
      const { id } = await control.addFault({ ...place, ...fault, times });
      planned.set(id, { name: nameOf(fault), times });
    }
    await pause(700);
  }
  for (const fault of await control.faults()) {
    const plan = planned.get(fault.id);
    if (plan) plan.times -= fault.times;
  }
  await control.clearFaults();
  const played: Record<string, number> = {};
  for (const { name, times } of planned.values()) played[name] = (played[name] ?? 0) + times;
  return played;
}

function nameOf({ kind, status }: Fault): string {
  return status === undefined ? kind : `${kind} ${String(status)}`;
}

async function losePostgres(
  postgres: MortalPostgres,
  counts: Record<Loss, number>,
  restMs: number,
  isOver: () => boolean,
): Promise<void> {
  for (let turn = 0; !isOver(); turn += 1) {
    await pause(restMs * (0.5 + Math.random()));
    const how = losses[turn % losses.length] ?? 'connections cut';
    await postgres.lose(how);
    counts[how] += 1;
  }
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

/** The storm's own rhythm: it is time that is under test here, so real time passes. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
