/** Walks the two halves of the promise against a running `npm start`: what `npm run demo` does after the bootstrap. */
import { ControlClient } from '../sandbox/src/control-client.ts';
import { showConnected } from './demo/connected.ts';
import { showRefunded } from './demo/refunded.ts';
import { Timeline } from './demo/timeline.ts';
import { placeOf } from './settings.ts';

const { ports } = placeOf('start');
const web = `http://127.0.0.1:${String(ports.hosting)}`;
const control = new ControlClient(`http://127.0.0.1:${String(ports.sandbox)}`);

async function isRunning(): Promise<boolean> {
  const asked = await Promise.allSettled([fetch(`${web}/api/catalog`), control.state()]);
  return asked.every((answer) => answer.status === 'fulfilled');
}

async function main(): Promise<number> {
  if (!(await isRunning())) {
    process.stderr.write(`Nothing answers at ${web}. Start the platform first, in another terminal: npm start\n`);
    return 1;
  }
  const world = { web, authPort: ports.auth, control };
  const connected = await showConnected(world, new Timeline('Connected'));
  const refunded = await showRefunded(world, new Timeline('Or refunded'));
  process.stdout.write(
    `\n${connected && refunded ? 'Both halves of the promise were kept.' : 'The promise was broken.'}\n`,
  );
  return connected && refunded ? 0 : 1;
}

process.exitCode = await main();
