// Loaded before firebase-tools: makes its emulators start faster and its functions run as production runs them.
import { createRequire } from 'node:module';

const fromHere = createRequire(import.meta.url);
const fromTools = createRequire(fromHere.resolve('firebase-tools/package.json'));

startQuickly();
serveManyRequestsPerWorker();

/**
 * Cuts 10 s (of 15 s, on two cores). The Auth emulator's request checker makes a new JSON schema compiler for each of some 200
 * parameters, and each of them first compiles the schema of schemas, to check Google's own description of its API. That
 * description ships with firebase-tools and needs no check; requests are still checked against it.
 */
function startQuickly() {
  const { default: Compiler } = createRequire(fromTools.resolve('exegesis'))('ajv/dist/core');
  Compiler.prototype.validateSchema = () => true;
}

/**
 * Lets one process of a function serve many requests at once, as an instance in production does (`concurrency`). The emulator
 * starts a process for each request that comes while another runs: sixty webhooks at once meant sixty processes, each of
 * which takes a second of CPU to start, and a machine that answers nobody.
 */
function serveManyRequestsPerWorker() {
  const { RuntimeWorker, RuntimeWorkerPool } = fromTools('./lib/emulator/functionsRuntimeWorker.js');
  const { FunctionsEmulator } = fromTools('./lib/emulator/functionsEmulator.js');

  // A busy process takes more work; one that ends or has not opened its socket yet does not.
  RuntimeWorkerPool.prototype.getIdleWorker = function (triggerId, runtime) {
    this.cleanUpWorkers();
    return this.getTriggerWorkers(triggerId, runtime).find(({ state }) => state === 'IDLE' || state === 'BUSY');
  };

  // The emulator calls a process idle when any of its requests ends, and ends idle ones when the code changes.
  const request = RuntimeWorker.prototype.request;
  const running = new WeakMap();
  RuntimeWorker.prototype.request = async function (...args) {
    running.set(this, (running.get(this) ?? 0) + 1);
    try {
      return await request.apply(this, args);
    } finally {
      const left = running.get(this) - 1;
      running.set(this, left);
      if (left > 0 && this.state === 'IDLE') this.state = 'BUSY';
    }
  };

  // Requests that come while the first process starts wait for that one.
  const startRuntime = FunctionsEmulator.prototype.startRuntime;
  const starting = new Map();
  FunctionsEmulator.prototype.startRuntime = function (backend, trigger) {
    const key = `${backend.codebase} ${trigger?.id ?? ''}`;
    let start = starting.get(key);
    if (!start) {
      start = startRuntime.call(this, backend, trigger).finally(() => starting.delete(key));
      starting.set(key, start);
    }
    return start;
  };
}
