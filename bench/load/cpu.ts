import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc, in milliseconds; Linux has shown 100 a second to programs for as long as there is /proc. */
const tickMs = 10;

function statOf(pid: number): { parent: number; ticks: number } | undefined {
  try {
    // The second field is the program's name in brackets and may hold blanks: counting begins after it.
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Fields 4, 14 to 17: parent, own user and system time, and that of children which have ended.
    const numbers = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
    const [parent = 0, ...times] = numbers;
    return { parent, ticks: times.reduce((sum, time) => sum + time, 0) };
  } catch {
    return undefined;
  }
}

/** CPU time that a program and its child processes have used, in milliseconds; zero where there is no /proc. */
export function cpuMsOf(pid: number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  const children = all.filter((each) => each !== pid && statOf(each)?.parent === pid);
  const ticks = [pid, ...children].reduce((sum, each) => sum + (statOf(each)?.ticks ?? 0), 0);
  return ticks * tickMs;
}

/** The most memory that a process has held at once, in MiB. */
export function peakMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}
