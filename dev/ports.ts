import { isListening, listenerOf } from './net.ts';

/**
 * Names every port of the local world once. Nothing else in dev/ writes a port number.
 * Tests use the same numbers plus an offset, so that they run beside a developer's `npm start`.
 */
const BASE_PORTS = {
  hosting: 5000,
  functions: 5001,
  auth: 9099,
  firestore: 8080,
  storage: 9199,
  tasks: 9499,
  eventarc: 9299,
  hub: 4400,
  logging: 4500,
  /** Kept above 50000: a developer's own PostgreSQL listens on 5432. */
  postgres: 54320,
  /** The sandbox's console page and control API. */
  sandbox: 4700,
  sandboxStripe: 4701,
  sandboxOxio: 4702,
  sandboxSendgrid: 4703,
  sandboxKms: 4704,
  sandboxElevenLabs: 4705,
  sandboxSmtp: 4725,
  /** Ethereum. A developer's own node listens on 8545. */
  chain: 4545,
} as const;

/** Names one part of the local world that listens on a port. */
export type PortName = keyof typeof BASE_PORTS;

/** Maps each part of the local world to the TCP port it listens on. */
export type Ports = Readonly<Record<PortName, number>>;

/** Tests add this to each port: a running `npm start` and `npm test` never meet. */
export const TEST_PORT_OFFSET = 10_000;

/** Returns the ports of a world moved by `offset` (0 for `npm start`). Throws RangeError when a port would pass 65535. */
export function portsAt(offset: number): Ports {
  const entries = Object.entries(BASE_PORTS).map(([name, port]) => {
    const moved = port + offset;
    if (moved < 1 || moved > 65_535) throw new RangeError(`port of ${name} would be ${String(moved)}`);
    return [name, moved] as const;
  });
  return Object.fromEntries(entries) as Ports;
}

/** The ports of `npm start`. */
export const devPorts: Ports = portsAt(0);

/** The ports of `npm test`. */
export const testPorts: Ports = portsAt(TEST_PORT_OFFSET);

/**
 * Throws one line that names each taken port and, where the machine can tell, who listens on it. `except` are parts that may
 * run already or will not run.
 */
export async function refuseTakenPorts(ports: Ports, except: readonly PortName[]): Promise<void> {
  const wanted = (Object.keys(ports) as PortName[]).filter((name) => !except.includes(name));
  const taken = await Promise.all(
    wanted.map(async (name) => {
      if (!(await isListening(ports[name]))) return undefined;
      const listener = listenerOf(ports[name]);
      return `port ${String(ports[name])} (${name}) is in use${listener === undefined ? '' : ` by ${listener}`}`;
    }),
  );
  const lines = taken.filter((line) => line !== undefined);
  if (lines.length === 0) return;
  throw new Error(`${lines.join('; ')}. Free it, or move every port with DOTM_PORT_OFFSET=100.`);
}
