import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Answer, Task, Walks } from './worker.ts';

/** The processes of a sweep. */
export interface Crew {
  /** Has the next idle process perform the task, unless it is not `wanted` any more by then. */
  perform(task: Task, wanted?: () => boolean): Promise<Walks>;
  stop(): Promise<void>;
}

/**
 * Starts `size` worker processes on the sources below `root` (the repository, or a copy with a bug in it). What they log is thrown
 * away, unless `showLog` is set.
 */
export function startCrew(options: { size: number; root?: string; showLog?: boolean }): Crew {
  const root = options.root ?? path.resolve(import.meta.dirname, '../../../..');
  const workers = Array.from({ length: options.size }, () => startWorker(root, options.showLog ?? false));
  const idle = [...workers];
  const waiting: ((worker: ChildProcess) => void)[] = [];

  const take = (): Promise<ChildProcess> => {
    const worker = idle.pop();
    return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
  };
  const give = (worker: ChildProcess): void => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };

  return {
    async perform(task, wanted = () => true) {
      const worker = await take();
      try {
        if (!wanted()) return { records: [], attempts: [] };
        const answer = await ask(worker, task);
        if ('broken' in answer)
          throw new Error(`the task ${JSON.stringify(task).slice(0, 200)} broke: ${answer.broken}`);
        return answer;
      } finally {
        give(worker);
      }
    },
    async stop() {
      await Promise.all(workers.map(end));
    },
  };
}

function startWorker(root: string, showLog: boolean): ChildProcess {
  const output = showLog ? 'inherit' : 'ignore';
  return spawn(process.execPath, [path.join(root, 'functions/test/proof/crashes/worker.ts')], {
    cwd: root,
    stdio: ['ignore', output, 'inherit', 'ipc'],
    serialization: 'json',
  });
}

function ask(worker: ChildProcess, task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a worker ended with ${String(code)}`));
    if (worker.exitCode !== null) return ended(worker.exitCode);
    worker.once('exit', ended);
    worker.once('message', (answer) => {
      worker.off('exit', ended);
      resolve(answer as Answer);
    });
    worker.send(task);
  });
}

function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.kill();
  });
}
