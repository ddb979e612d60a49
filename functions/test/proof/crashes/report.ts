import type { Attempt } from './attempt.ts';

/** Tells a sweep's figures and each failure, with what runs that one alone in `campaign`. */
export function report(attempts: readonly Attempt[], seconds: number, campaign = 'crashes'): string {
  const sum = (of: (one: Attempt) => number): number => attempts.reduce((total, one) => total + of(one), 0);
  const failed = attempts.filter(({ failures }) => failures.length > 0);
  const lines = [
    `${campaign}: ${String(attempts.length)} points × paths tried on ${String(new Set(attempts.map(({ path }) => path)).size)} paths in ${seconds.toFixed(0)} s, ` +
      `${String(failed.length)} failures, ${String(sum((one) => one.doubledMails))} doubled mails, ` +
      `${String(sum((one) => one.emptyGroups))} empty groups at the carrier, ` +
      `${String(attempts.filter(({ reached }) => !reached).length)} points not come by`,
  ];
  for (const { path, point, failures } of failed) {
    lines.push(`FAILED ${path}/${point}`, ...failures.map((failure) => `  ${failure}`));
    lines.push(`  again: PROOF_ONLY='${path}/${point}' npm run prove -- ${campaign}`);
  }
  for (const { path, point, reached } of attempts) if (!reached) lines.push(`not come by: ${path}/${point}`);
  return `${lines.join('\n')}\n`;
}

/** How the deaths spread over the paths. */
export function byPath(attempts: readonly Attempt[]): string {
  const counts = new Map<string, number>();
  for (const { path } of attempts) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].map(([path, count]) => `  ${path}: ${String(count)}`).join('\n');
}
