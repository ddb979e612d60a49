import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getAddress, HDNodeWallet, isAddress, parseUnits, ZeroAddress } from 'ethers';

/** Where the contracts can be launched. */
export const NETWORKS = ['local', 'sepolia', 'mainnet'] as const;

/** Names one of {@link NETWORKS}. */
export type LaunchNetwork = (typeof NETWORKS)[number];

/** What `deploy/<network>.json` says: who gets which role, and the first limits in whole DOTM. */
export interface LaunchSettings {
  readonly admin: string | null;
  readonly operator: string | null;
  readonly guardian: string | null;
  readonly adminDelayHours: number;
  readonly dailyLimitDotm: string;
  readonly entryCeilingDotm: string;
}

/** What the constructor of DotmLaunch takes. Times in seconds, amounts in micro-DOTM. */
export interface LaunchTerms {
  readonly admin: string;
  readonly operator: string;
  readonly guardian: string;
  readonly adminDelay: bigint;
  readonly dailyLimitMicro: bigint;
  readonly entryCeilingMicro: bigint;
}

const ROLES = ['admin', 'operator', 'guardian'] as const;

/** Time enough to notice on mainnet that somebody else is about to become the admin. */
const LEAST_ADMIN_DELAY_HOURS = 24;

/** Everybody knows the keys of these: the accounts of every local chain. */
const PUBLIC_MNEMONIC = 'test test test test test test test test test test test junk';
const PUBLIC_ACCOUNTS = 10;

/** Tells whether `text` names a network that the contracts can be launched on. */
export function isLaunchNetwork(text: string | undefined): text is LaunchNetwork {
  return NETWORKS.some((network) => network === text);
}

/** Reads `deploy/<network>.json`. */
export function readLaunchSettings(network: LaunchNetwork): LaunchSettings {
  const file = path.resolve(import.meta.dirname, `../deploy/${network}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as LaunchSettings;
}

/**
 * Turns settings into terms. Throws one error that names everything wrong: a role without an account, an address that is zero or
 * mistyped, an account whose key is public (not on `local`), limits that do not ascend. On mainnet also: one account for two
 * roles, a role for the `deployer`, whose key lies on a developer's machine, and an admin that could be replaced within a day.
 */
export function launchTerms(network: LaunchNetwork, settings: LaunchSettings, deployer: string): LaunchTerms {
  const problems = [
    ...ROLES.flatMap((role) => accountProblem(network, role, settings[role])),
    ...limitProblems(settings),
  ];
  if (network === 'mainnet') problems.push(...mainnetProblems(settings, deployer));
  if (problems.length > 0) throw new Error(`deploy/${network}.json: ${problems.join('; ')}`);
  const { admin, operator, guardian } = settings;
  if (admin === null || operator === null || guardian === null)
    throw new Error('a role without an account got through');
  return {
    admin,
    operator,
    guardian,
    adminDelay: BigInt(settings.adminDelayHours) * 3_600n,
    dailyLimitMicro: parseUnits(settings.dailyLimitDotm, 6),
    entryCeilingMicro: parseUnits(settings.entryCeilingDotm, 6),
  };
}

function accountProblem(network: LaunchNetwork, role: string, account: string | null): string[] {
  if (account === null || account === '') return [`${role} is missing: give its address`];
  const isWellFormed: boolean = isAddress(account);
  if (!isWellFormed) return [`${role} ${account} is not an address, or its checksum is wrong`];
  if (account === ZeroAddress) return [`${role} is the zero address, which nobody holds`];
  // All lower case passes as an address without a checksum; a typing mistake in it would go unnoticed.
  if (getAddress(account) !== account)
    return [`${role} ${account} has no checksum: write ${getAddress(account)} and compare`];
  if (network !== 'local' && publicAccounts().has(account))
    return [`${role} ${account} has a key that everybody knows`];
  return [];
}

function limitProblems({ adminDelayHours, dailyLimitDotm, entryCeilingDotm }: LaunchSettings): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(adminDelayHours) || adminDelayHours < 0) {
    problems.push(`adminDelayHours must be a whole number of hours, got ${String(adminDelayHours)}`);
  }
  const amounts = [dailyLimitDotm, entryCeilingDotm];
  const odd = amounts.filter((text) => !/^\d+(\.\d{1,6})?$/.test(text));
  if (odd.length > 0) return [...problems, `limits are DOTM with at most 6 decimals, got ${odd.join(', ')}`];
  if (parseUnits(entryCeilingDotm, 6) > parseUnits(dailyLimitDotm, 6)) {
    problems.push(`entryCeilingDotm ${entryCeilingDotm} is above dailyLimitDotm ${dailyLimitDotm}`);
  }
  if (parseUnits(entryCeilingDotm, 6) === 0n) problems.push('entryCeilingDotm is 0: nothing could be paid');
  return problems;
}

function mainnetProblems(settings: LaunchSettings, deployer: string): string[] {
  const problems: string[] = [];
  const holders = [...ROLES.map((role) => [role, settings[role]] as const), ['deployer', deployer] as const];
  holders.forEach(([role, account], index) => {
    const earlier = holders.slice(0, index).find(([, other]) => other === account && account !== null);
    if (earlier)
      problems.push(`${earlier[0]} and ${role} are one account, ${String(account)}: each needs a key of its own`);
  });
  if (settings.adminDelayHours < LEAST_ADMIN_DELAY_HOURS) {
    problems.push(
      `adminDelayHours must be at least ${String(LEAST_ADMIN_DELAY_HOURS)}, got ${String(settings.adminDelayHours)}`,
    );
  }
  return problems;
}

function publicAccounts(): Set<string> {
  const parent = HDNodeWallet.fromPhrase(PUBLIC_MNEMONIC, undefined, "m/44'/60'/0'/0");
  return new Set(Array.from({ length: PUBLIC_ACCOUNTS }, (_, index) => parent.deriveChild(index).address));
}
