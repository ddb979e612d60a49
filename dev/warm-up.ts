import { PROJECT_ID, REGION } from './environment.ts';
import type { Ports } from './ports.ts';

/**
 * Everything that a first order goes through, and then what the first voice message does. Started one after the other: side by side they
 * would take each other's breath.
 */
const functionsOfAVisit = [
  'api',
  'stripeWebhook',
  'workPayments',
  'workCarrier',
  'workMail',
  'workProjection',
  'workVoice',
  'voiceAudio',
] as const;

/**
 * Starts the process of each function that a first visit needs, so that the first person does not wait for one after the other. Each is
 * asked for something that it refuses or has not got; what it answers does not matter.
 */
export async function warmUp(ports: Ports): Promise<void> {
  for (const name of functionsOfAVisit) {
    const url = `http://127.0.0.1:${String(ports.functions)}/${PROJECT_ID}/${REGION}/${name}`;
    const isWorker = name.startsWith('work');
    const asked = isWorker
      ? fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data: { jobId: 'none' } }),
          signal: AbortSignal.timeout(60_000),
        })
      : fetch(name === 'api' ? `${url}/api/catalog` : url, { signal: AbortSignal.timeout(60_000) });
    // A function that does not start now says so when it is needed; the start goes on.
    await asked.then(
      (answer) => answer.text(),
      () => undefined,
    );
  }
}
