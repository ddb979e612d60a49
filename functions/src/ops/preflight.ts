import { parseArgs } from 'node:util';
import { services as servicesOf } from '../platform/container.ts';
import { checkChain } from './preflight/chain.ts';
import { checkDatabase } from './preflight/database.ts';
import type { Finding } from './preflight/finding.ts';
import { checkGoogle } from './preflight/google.ts';
import { checkSettings, secretNames } from './preflight/settings.ts';
import { checkCarrier, checkMail, checkPayments } from './preflight/vendors.ts';

/**
 * Checks whether an installation can take members: settings, database, vendors, Google. Changes nothing, but for the one mail that
 * `mailTo` asks for. What can't be checked because a setting is missing shows as wrong.
 */
export async function preflight(mailTo: string | undefined): Promise<Finding[]> {
  const services = servicesOf();
  try {
    return [
      ...checkSettings(process.env),
      ...(process.env['DATABASE_URL'] ? await checkDatabase(services) : []),
      ...(process.env['STRIPE_SECRET_KEY'] && process.env['APP_URL'] ? await checkPayments() : []),
      ...(process.env['OXIO_API_KEY'] && process.env['OXIO_AUTH_TOKEN'] ? await checkCarrier(services) : []),
      ...(await checkChain(services)),
      ...(await checkMail(services, mailTo)),
      ...(await checkGoogle(services)),
    ];
  } finally {
    await services.db.end();
  }
}

const marks = { ok: 'ok', wrong: 'WRONG', unchecked: '-' } as const;

/** Shows findings as a table for a terminal; what is to be done stands below its line. */
export function showFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, state, seen, todo }) => {
      const line = `${marks[state].padEnd(5)}  ${check.padEnd(width)}  ${seen}`;
      return todo === '' ? line : `${line}\n${' '.repeat(width + 9)}-> ${todo}`;
    })
    .join('\n');
}

// Run as `node functions/src/ops/preflight.ts [--mail person@example.com]` with the functions' secrets and settings in the environment, or
// with `--secrets` for the names of what Secret Manager must hold. Ends with 1 when something is wrong.
if (import.meta.main) {
  const { values } = parseArgs({ options: { mail: { type: 'string' }, secrets: { type: 'boolean' } } });
  if (values.secrets) process.stdout.write(`${secretNames.join('\n')}\n`);
  else {
    const findings = await preflight(values.mail);
    const wrong = findings.filter(({ state }) => state === 'wrong').length;
    process.stdout.write(`${showFindings(findings)}\n\n${wrong === 0 ? 'ready' : `${wrong} to put right`}\n`);
    process.exitCode = wrong > 0 ? 1 : 0;
  }
}
