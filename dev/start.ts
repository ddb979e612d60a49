/** Runs the whole platform on this machine until Ctrl-C: what `npm start` does after the bootstrap. */
import { OPERATOR } from './operator.ts';
import { placeOf } from './settings.ts';
import { startWorld } from './world.ts';
import type { World } from './world.ts';

const INTERRUPTED = 'interrupted';
const startedAt = Date.now();

function say(line: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`\n  !  ${line}\n`);
}

function printTable(world: World): void {
  const vendors = Object.entries(world.vendors).map(([name, kind]) => `${name}: ${kind}`);
  const rows: (readonly [string, string])[] = [
    ['Web app', world.urls.web],
    ['Sandbox page', world.urls.sandbox],
    ['Mail inbox', world.urls.inbox],
    ['API docs', world.urls.docs],
    ['MCP server', world.urls.mcp],
    ['Database', world.databaseUrl],
    ['Ethereum', world.chain ? `${world.chain.rpcUrl} (chain ${String(world.chain.chainId)})` : 'off (no Anvil)'],
    ...(world.chain
      ? ([
          ['DOTM token', world.chain.token],
          ['Distributor', world.chain.distributor],
        ] as const)
      : []),
    ['Test card', '4242 4242 4242 4242, any future date, any CVC'],
    ['Operator', `${OPERATOR.email}  password: ${OPERATOR.password}`],
    ['Vendors', vendors.join(', ')],
    ['Live updates', world.firestoreMissing ? 'off (no Firestore emulator)' : 'on'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
  const line = '-'.repeat(Math.max(...lines.map((text) => text.length)) + 2);
  process.stdout.write(`\n${line}\n${lines.join('\n')}\n${line}\n\n  Ready. Ctrl-C ends everything.\n\n`);
}

async function main(): Promise<void> {
  const { stateDir, ports } = placeOf('start');
  const interrupted = new AbortController();
  const running: { world?: World } = {};
  // The terminal and npm both pass Ctrl-C on: one wish to end arrives several times.
  const stop = (): void => {
    if (interrupted.signal.aborted) return;
    process.stdout.write('\n  Ending everything and saving the accounts ...\n');
    interrupted.abort(new Error(INTERRUPTED));
    void running.world?.stop().then(() => {
      process.stdout.write('  Done. `npm start` goes on where you left, `npm run reset` begins anew.\n');
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  running.world = await startWorld({
    ports,
    stateDir,
    report: say,
    trouble: warn,
    development: true,
    signal: interrupted.signal,
  });
  printTable(running.world);
}

main().catch((error: unknown) => {
  if (error instanceof Error && error.message === INTERRUPTED) process.exit(130);
  warn(`It could not start. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
