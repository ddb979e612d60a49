import { getAddress, id, parseUnits } from 'ethers';
import { RewardDistributor__factory } from '../bindings/index.ts';
import type { LaunchAddresses } from './inspect-launch.ts';

/** A transaction for whoever holds a role to send, from a multi-signature wallet, a hardware wallet or an explorer's page. */
export interface RoleCall {
  readonly to: string;
  readonly data: string;
  /** Who must send it. */
  readonly sender: 'admin' | 'guardian';
  /** What it does, with the values as a person reads them. */
  readonly meaning: string;
}

const distributor = RewardDistributor__factory.createInterface();

const OPERATOR_ROLE = id('OPERATOR_ROLE');
const GUARDIAN_ROLE = id('GUARDIAN_ROLE');
const MINTER_ROLE = id('MINTER_ROLE');

type Maker = (at: LaunchAddresses, ...words: string[]) => RoleCall;

/** Every call that the runbook knows, by the word that asks for it. */
const CALLS: Readonly<Record<string, { readonly words: string; readonly make: Maker }>> = {
  pause: {
    words: '',
    make: (at) => ({
      to: at.distributor,
      data: distributor.encodeFunctionData('pause'),
      sender: 'guardian',
      meaning: 'Stops all payments of rewards',
    }),
  },
  unpause: {
    words: '',
    make: (at) => ({
      to: at.distributor,
      data: distributor.encodeFunctionData('unpause'),
      sender: 'admin',
      meaning: 'Lets payments of rewards go on',
    }),
  },
  'set-limits': {
    words: '<DOTM a day> <DOTM an entry>',
    make: (at, daily = '', entry = '') => ({
      to: at.distributor,
      data: distributor.encodeFunctionData('setLimits', [parseUnits(daily, 6), parseUnits(entry, 6)]),
      sender: 'admin',
      meaning: `Allows ${daily} DOTM a day and ${entry} DOTM for one entry`,
    }),
  },
  'grant-operator': roleCall('grantRole', OPERATOR_ROLE, 'may pay rewards from now on'),
  'revoke-operator': roleCall('revokeRole', OPERATOR_ROLE, 'may no longer pay rewards'),
  'grant-guardian': roleCall('grantRole', GUARDIAN_ROLE, 'may stop payments from now on'),
  'revoke-guardian': roleCall('revokeRole', GUARDIAN_ROLE, 'may no longer stop payments'),
  'grant-minter': minterCall('grantRole', 'may mint DOTM up to the cap: a distributor, never a person'),
  'revoke-minter': minterCall('revokeRole', 'may no longer mint DOTM'),
};

/** Returns how each call is asked for. */
export function roleCallUsage(): string[] {
  return Object.entries(CALLS).map(([name, { words }]) => `${name} ${words}`.trim());
}

/**
 * Makes the call that `name` and `words` ask for, for the contracts at `at`. Amounts are whole DOTM as a person writes them. Throws on an
 * unknown name, a word too few or too many, a mistyped address and an amount that is none.
 */
export function makeRoleCall(at: LaunchAddresses, name: string, words: readonly string[]): RoleCall {
  const call = CALLS[name];
  if (!call) throw new Error(`unknown call ${name}; there are: ${roleCallUsage().join(', ')}`);
  const wanted = call.words === '' ? 0 : call.words.split('> <').length;
  if (words.length !== wanted) throw new Error(`usage: ${name} ${call.words}`);
  return call.make(at, ...words);
}

function roleCall(change: 'grantRole' | 'revokeRole', role: string, says: string): { words: string; make: Maker } {
  return {
    words: '<address>',
    make: (at, account = '') => ({
      to: at.distributor,
      data: changeRole(change, role, account),
      sender: 'admin',
      meaning: `${account} ${says}`,
    }),
  };
}

function minterCall(change: 'grantRole' | 'revokeRole', says: string): { words: string; make: Maker } {
  return {
    words: '<address>',
    make: (at, account = '') => ({
      to: at.token,
      data: changeRole(change, MINTER_ROLE, account),
      sender: 'admin',
      meaning: `${account} ${says}`,
    }),
  };
}

/** Both contracts know roles by the same two functions. */
function changeRole(change: 'grantRole' | 'revokeRole', role: string, account: string): string {
  const values: [string, string] = [role, checked(account)];
  return change === 'grantRole'
    ? distributor.encodeFunctionData('grantRole', values)
    : distributor.encodeFunctionData('revokeRole', values);
}

/** An address without the capitals of its checksum hides typing mistakes. */
function checked(account: string): string {
  if (getAddress(account) !== account) throw new Error(`${account} has no checksum: write ${getAddress(account)}`);
  return account;
}
