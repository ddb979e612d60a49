import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JsonRpcProvider } from 'ethers';
import { afterEach, expect, it } from 'vitest';
import { DotmToken__factory, RewardDistributor__factory } from '../contracts/bindings/index.ts';
import { readLaunchSettings } from '../contracts/scripts/launch-terms.ts';
import { CHAIN_ID, chainCommand, ensureContracts, findChain } from './chain.ts';
import { Children } from './children.ts';
import { freePort, untilListening } from './net.ts';

const program = findChain();
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function stateFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dotm-chain-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a chain on the state of `folder`; `stop` ends it as Ctrl-C does. */
async function startChain(
  folder: string,
): Promise<{ url: string; provider: JsonRpcProvider; stop: () => Promise<void> }> {
  if (program.kind === 'none') throw new Error(program.reason);
  const port = await freePort();
  const child = new Children(folder).start({ name: 'chain', cwd: folder, ...chainCommand(program.file, port, folder) });
  ends.push(() => child.stop());
  await untilListening(port, 20_000, child.ended);
  const url = `http://127.0.0.1:${String(port)}`;
  const provider = new JsonRpcProvider(url, CHAIN_ID, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 50 });
  ends.push(async () => {
    provider.destroy();
  });
  return { url, provider, stop: () => child.stop() };
}

it.skipIf(program.kind === 'none')('a stopped chain goes on with its contracts and its balances', async () => {
  const folder = await stateFolder();
  const first = await startChain(folder);
  const contracts = await ensureContracts(first.url, folder);
  const operator = await first.provider.getSigner(readLaunchSettings('local').operator ?? '');
  const distributor = RewardDistributor__factory.connect(contracts.distributor, operator);
  await (await distributor.distribute(1n, [(BigInt(operator.address) << 96n) | 5n])).wait();
  await first.stop();

  const second = await startChain(folder);
  expect(await ensureContracts(second.url, folder)).toEqual(contracts);
  const token = DotmToken__factory.connect(contracts.token, second.provider);
  expect(await token.balanceOf(operator.address)).toBe(5n * 10n ** 12n);
});

it.skipIf(program.kind === 'none')('contracts of older code are replaced by those of today', async () => {
  const folder = await stateFolder();
  const { url } = await startChain(folder);
  const before = await ensureContracts(url, folder);
  const note = path.join(folder, 'contracts.json');
  await writeFile(note, (await readFile(note, 'utf8')).replace(/"code": ".*"/, '"code": "older"'));
  const after = await ensureContracts(url, folder);
  expect(after.token).not.toBe(before.token);
  expect(await ensureContracts(url, folder)).toEqual(after);
});

it.skipIf(program.kind === 'none')(
  'state that a crash has cut off is put aside, and the chain begins anew',
  async () => {
    const folder = await stateFolder();
    await writeFile(path.join(folder, 'chain.json'), '{"block":{"num');
    const { url, provider } = await startChain(folder);
    expect(await provider.getBlockNumber()).toBe(0);
    const { token } = await ensureContracts(url, folder);
    expect(await DotmToken__factory.connect(token, provider).symbol()).toBe('DOTM');
  },
);
