import { PROJECT_ID, REGION } from './environment.ts';
import type { Ports } from './ports.ts';

/** In production the sweeper runs each minute; two seconds keep a developer's and a test's wait short. */
const SWEEP_EVERY_MS = 2_000;

/**
 * Runs the scheduled function `name` once. The functions emulator never runs schedules by itself; this is the address that
 * its Pub/Sub neighbour would call. Throws when the function answers with an error.
 */
export async function runScheduled(ports: Ports, name: string): Promise<void> {
  const url = `http://127.0.0.1:${String(ports.functions)}/functions/projects/${PROJECT_ID}/triggers/${REGION}-${name}-0`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({}),
    // A sweep that takes longer has hung; the next one repeats its work.
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`scheduled function ${name} answered ${String(response.status)}`);
}

/** Plays Cloud Scheduler for `sweep`: every two seconds, one at a time. Returns what ends it. */
export function startScheduler(ports: Ports, failed: (message: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let said = false;
  const tick = async (): Promise<void> => {
    try {
      await runScheduled(ports, 'sweep');
      said = false;
    } catch (error) {
      if (!said && !stopped)
        failed(`the sweeper could not run: ${error instanceof Error ? error.message : String(error)}`);
      said = true;
    }
    if (!stopped) timer = setTimeout(() => void tick(), SWEEP_EVERY_MS);
  };
  timer = setTimeout(() => void tick(), SWEEP_EVERY_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
