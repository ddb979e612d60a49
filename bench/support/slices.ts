import { readFileSync } from 'node:fs';
import { openWire, type Wire } from './wire.ts';

/** One thing that is measured beside others: a statement, and the values of each call. */
export interface Contender {
  name: string;
  sql: string;
  values: () => readonly string[];
  /** What one call counts for; a batch counts for more than one. */
  worth?: number;
}

/** What a contender came to in one slice. */
export interface Slice {
  perSecond: number;
  /** CPU time of the database's processes per unit of work, µs; NaN where the system does not tell. */
  cpuMicros: number;
}

/** CPU time of a process in nanoseconds. The scheduler counts it exactly, on Linux only. */
function cpuOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

async function runSlice(wires: readonly Wire[], contender: Contender, sliceMs: number): Promise<Slice> {
  const cpu = (): number => wires.reduce((sum, wire) => sum + cpuOf(wire.pid), 0);
  const cpuBefore = cpu();
  const startedAt = performance.now();
  const until = startedAt + sliceMs;
  let calls = 0;
  const client = async (wire: Wire): Promise<void> => {
    while (performance.now() < until) {
      await wire.run(contender.values());
      calls += 1;
    }
  };
  await Promise.all(wires.map(client));
  const units = calls * (contender.worth ?? 1);
  return {
    perSecond: (units / (performance.now() - startedAt)) * 1000,
    cpuMicros: (cpu() - cpuBefore) / 1000 / units,
  };
}

/**
 * Measures the contenders in turn, `rounds` times, each with connections of its own: whatever else the machine does hits all alike.
 * Every second round runs backwards, so that none always follows the same one. The first round warms up and is not counted.
 */
export async function alternate(
  url: string,
  contenders: readonly Contender[],
  options: { clients: number; rounds: number; sliceMs: number },
): Promise<Map<string, Slice[]>> {
  const open = new Map<Contender, Wire[]>();
  const found = new Map<string, Slice[]>(contenders.map(({ name }) => [name, []]));
  try {
    for (const contender of contenders) {
      const wires = Array.from({ length: options.clients }, () => openWire(url, contender.sql));
      open.set(contender, await Promise.all(wires));
    }
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const slice = await runSlice(open.get(contender) ?? [], contender, options.sliceMs);
        if (round > 0) found.get(contender.name)?.push(slice);
      }
    }
  } finally {
    for (const wire of [...open.values()].flat()) wire.end();
  }
  return found;
}

/** The middle value: one slice that the machine spoiled does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = Number.NaN, high = low] = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return (low + high) / 2;
}

/** The middle of the ratios of slices that ran side by side. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, index) => value / (theirs[index] ?? Number.NaN)));
}
