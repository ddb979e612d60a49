import { startSandbox } from './start.ts';
import { configFromEnv } from './config-from-env.ts';

/** Runs the sandbox until it is told to end: `node sandbox/src/main.ts`, configured by the environment. */
async function main(): Promise<void> {
  const sandbox = await startSandbox(configFromEnv(process.env));
  const end = (): void => {
    // A second signal finds the default action: whoever is impatient gets an end at once.
    process.removeListener('SIGINT', end);
    process.removeListener('SIGTERM', end);
    void sandbox.stop();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  const { console: page, ...rest } = sandbox.urls;
  process.stdout.write(`sandbox ready: ${page} ${JSON.stringify(rest)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
