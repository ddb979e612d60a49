/**
 * Load test of the built functions under the server that production runs them with: `npm run bench -- load`, or with the seconds of each
 * step, `npm run bench -- load 10`. Prints latencies at growing load, errors, and whose CPU each request took. docs/scale.md reads it.
 */
import { availableParallelism, loadavg } from 'node:os';
import { cpuMsOf, peakMemoryMb } from './load/cpu.ts';
import { drive } from './load/drive.ts';
import { makeScenarios, type Scenario } from './load/scenarios.ts';
import { startStage, type Stage } from './load/stage.ts';

const levels = [1, 4, 16, 64];
const seconds = Number(process.argv[2] ?? 6);
/** Until code is compiled and connections are open; not counted. */
const warmUpSeconds = 2;

const columns = ['scenario', 'callers', 'req/s', 'p50 ms', 'p95 ms', 'p99 ms', 'errors'];
const cpuColumns = ['function', 'postgres', 'sandbox', 'google', 'generator'];
/** Every value under its heading, however long that is. */
const widths = [16, 8, 8, 8, 8, 8, 12, ...cpuColumns.map(() => 10), 10];

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(16) : cell.padStart(widths[index] ?? 8))).join(' ');
}

function cpuNow(stage: Stage, scenario: Scenario): number[] {
  const { programs } = stage;
  const watched = [programs[scenario.server], programs.postgres, programs.sandbox, programs.google];
  const own = process.cpuUsage();
  return [...watched.map(({ pid }) => cpuMsOf(pid)), (own.user + own.system) / 1000];
}

async function measure(stage: Stage, scenario: Scenario, callers: number): Promise<void> {
  const before = cpuNow(stage, scenario);
  const result = await drive(scenario.next, callers, seconds);
  const used = cpuNow(stage, scenario).map((ms, index) => ms - (before[index] ?? 0));
  const perRequest = used.map((ms) => (ms / result.requests).toFixed(2));
  const busy = (100 * (used[0] ?? 0)) / (result.seconds * 1000);
  const errors = [...result.errors].map(([status, count]) => `${String(count)}x${String(status)}`).join(' ') || '0';
  const latencies = [result.p50, result.p95, result.p99].map((ms) => ms.toFixed(1));
  const rate = (result.requests / result.seconds).toFixed(0);
  console.log(row([scenario.name, String(callers), rate, ...latencies, errors, ...perRequest, `${busy.toFixed(0)} %`]));
}

const stage = await startStage();
// The programs live in process groups of their own and would outlive this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stage.stop().then(() => process.exit(1)));
}
try {
  const scenarios = await makeScenarios(stage);
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${String(availableParallelism())} cores shared by all programs, ` +
      `load before ${loadavg()[0]?.toFixed(1) ?? '?'}, ${String(seconds)} s a step.\n` +
      'CPU is in milliseconds for each request; "busy" is the share of one core that the function took.\n',
  );
  console.log(row([...columns, ...cpuColumns, 'busy']));
  for (const scenario of scenarios) {
    await drive(scenario.next, 4, warmUpSeconds);
    for (const callers of levels) await measure(stage, scenario, callers);
  }
  for (const { name, pid } of [stage.programs.api, stage.programs.webhook])
    console.log(`\nmost memory of ${name}: ${String(peakMemoryMb(pid))} MiB`);
  console.log(`load after: ${loadavg()[0]?.toFixed(1) ?? '?'}`);
} finally {
  await stage.stop();
}
