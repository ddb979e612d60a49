import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { JsonRpcProvider, keccak256 } from 'ethers';
import { DotmLaunch__factory } from '../contracts/bindings/index.ts';
import { launchTerms, readLaunchSettings } from '../contracts/scripts/launch-terms.ts';

/** Number of every local chain. Wallets and libraries know it as one that is worth nothing. */
export const CHAIN_ID = 31_337;

/** Where the program of a local Ethereum node is, or why there is none. */
export type ChainProgram =
  { readonly kind: 'anvil'; readonly file: string } | { readonly kind: 'none'; readonly reason: string };

/** Contracts of a local chain. */
export interface ChainContracts {
  readonly launch: string;
  readonly token: string;
  readonly distributor: string;
}

/** A chain notes its state this often; what a SIGKILL takes away is at most so much. */
const NOTE_STATE_EVERY_SECONDS = 10;

/** Finds Anvil: the binary from npm, else one that the developer has installed. */
export function findChain(): ChainProgram {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  try {
    const from = createRequire(import.meta.url);
    const folder = path.dirname(from.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/package.json`));
    return { kind: 'anvil', file: path.join(folder, `bin/anvil${suffix}`) };
  } catch {
    return (
      installedAnvil() ?? {
        kind: 'none',
        reason: `no Anvil is installed for ${process.platform}-${arch}: npm i -D @foundry-rs/anvil-${process.platform}-${arch}, or getfoundry.sh`,
      }
    );
  }
}

function installedAnvil(): ChainProgram | undefined {
  try {
    execFileSync('anvil', ['--version'], { stdio: 'ignore', timeout: 5_000 });
    return { kind: 'anvil', file: 'anvil' };
  } catch {
    return undefined;
  }
}

/**
 * Returns the command of a chain on `port` that keeps its state in `stateDir`. It mines a block for each transaction and none in
 * between, so that the state of a quiet month stays small. State that a crash has cut off is put aside: the chain begins anew.
 */
export function chainCommand(
  file: string,
  port: number,
  stateDir: string,
): { command: string; args: readonly string[] } {
  const state = path.join(stateDir, 'chain.json');
  if (existsSync(state) && !isWhole(state)) renameSync(state, `${state}.broken`);
  const kept = ['--state', state, '--state-interval', String(NOTE_STATE_EVERY_SECONDS)];
  // Quiet: it would print the keys of its accounts, and our logs hold none, not even those that everybody knows.
  const args = ['--port', String(port), '--chain-id', String(CHAIN_ID), '--hardfork', 'prague', '--quiet', ...kept];
  return { command: file, args };
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Launches the contracts on the chain at `rpcUrl`, unless those that an earlier start noted in `stateDir` are there and are of today's
 * code. Roles go to the accounts of contracts/deploy/local.json, whose keys the node holds.
 */
export async function ensureContracts(rpcUrl: string, stateDir: string): Promise<ChainContracts> {
  const provider = new JsonRpcProvider(rpcUrl, CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 50,
  });
  try {
    const code = keccak256(DotmLaunch__factory.bytecode);
    const note = path.join(stateDir, 'contracts.json');
    const known = readNote(note);
    if (known?.code === code && (await provider.getCode(known.launch)) !== '0x') return contractsOf(known);
    const deployer = await provider.getSigner(0);
    const terms = launchTerms('local', readLaunchSettings('local'), deployer.address);
    const launch = await (await new DotmLaunch__factory(deployer).deploy(terms)).waitForDeployment();
    const made = {
      launch: await launch.getAddress(),
      token: await launch.token(),
      distributor: await launch.distributor(),
    };
    await writeFile(note, JSON.stringify({ ...made, code }, null, 2));
    return made;
  } finally {
    provider.destroy();
  }
}

function readNote(file: string): (ChainContracts & { readonly code: string }) | undefined {
  if (!existsSync(file) || !isWhole(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as ChainContracts & { readonly code: string };
}

function contractsOf({ launch, token, distributor }: ChainContracts): ChainContracts {
  return { launch, token, distributor };
}
