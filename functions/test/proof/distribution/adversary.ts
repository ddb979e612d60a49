import { parseUnits, Wallet } from 'ethers';
import { batchPaidTopics } from '../../../src/vendors/chain/contracts.ts';
import { anvilKeys, type TestChain } from '../../support/chain.ts';
import type { Chance } from '../storm/chance.ts';

/** What an adversary did to a chain, counted. */
export type Misdeeds = Record<Misdeed, number>;

const misdeeds = [
  'mined',
  'dropped',
  'dropped all',
  'reorganised',
  'nonce taken',
  'gas dear',
  'gas cheap',
  'paused',
] as const;
export type Misdeed = (typeof misdeeds)[number];

/** Somebody who does everything to our transactions that a chain can do. */
export interface Adversary {
  readonly done: Misdeeds;
  /** Payments that stood in blocks which were taken back. */
  readonly paymentsTakenBack: number;
  /** Does one thing or another. */
  act(): Promise<void>;
  /** Puts the chain in order again: gas is cheap, nothing is paused. From then on it only mines. */
  calm(): Promise<void>;
}

/**
 * Makes an adversary. It takes blocks back, never deeper than `deepest`: deeper than what counts as settled nobody can be safe. A block that is
 * taken back loses its transactions, as if no miner wanted them again.
 */
export function adversaryOf(chain: TestChain, chance: Chance, deepest: number): Adversary {
  const done = Object.fromEntries(misdeeds.map((name) => [name, 0])) as Misdeeds;
  let isPaused = false;
  let paymentsTakenBack = 0;

  const deeds: Record<Misdeed, () => Promise<void>> = {
    mined: () => chain.mine(1 + Math.floor(chance.next() * 2)),
    async dropped() {
      const waiting = await waitingHashes(chain);
      if (waiting.length > 0) await chain.rpc('anvil_dropTransaction', [chance.pick(waiting)]);
    },
    'dropped all': async () => {
      await chain.rpc('anvil_dropAllTransactions');
    },
    async reorganised() {
      const head = (await chain.port.readBlock('latest'))?.number ?? 0;
      const depth = Math.min(1 + Math.floor(chance.next() * deepest), head - chain.settings.startBlock - 1);
      if (depth <= 0) return;
      const topics = batchPaidTopics();
      const range = { fromBlock: head - depth + 1, toBlock: head };
      paymentsTakenBack += (await chain.port.logsOf({ address: chain.settings.distributor, topics, ...range })).length;
      await chain.reorganise(depth);
      // Another branch takes its place, with other blocks and at least as long.
      await chain.rpc('evm_increaseTime', [1 + Math.floor(chance.next() * 20)]);
      await chain.mine(depth + 1);
    },
    'nonce taken': () => takeNonce(chain),
    'gas dear': async () => {
      await chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${parseUnits('40', 'gwei').toString(16)}`]);
      await chain.mine();
    },
    'gas cheap': async () => {
      await chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${parseUnits('1', 'gwei').toString(16)}`]);
      await chain.mine();
    },
    async paused() {
      await (isPaused ? chain.unpause() : chain.pause());
      isPaused = !isPaused;
    },
  };
  /** Everything happens in turn, in any order; mining is what a chain does most of the time. */
  const deck: Misdeed[] = [
    ...misdeeds,
    'mined',
    'mined',
    'mined',
    'mined',
    'gas cheap',
    'reorganised',
    'reorganised',
    'reorganised',
    'nonce taken',
    'dropped',
  ];
  let dealt: Misdeed[] = [];

  async function commit(name: Misdeed): Promise<void> {
    await deeds[name]();
    done[name] += 1;
  }
  return {
    done,
    get paymentsTakenBack() {
      return paymentsTakenBack;
    },
    async act() {
      // A pause is soon ended: everything waits for it.
      if (isPaused && chance.next() < 0.3) return commit('paused');
      if (dealt.length === 0) dealt = chance.shuffle(deck);
      await commit(dealt.pop() ?? 'mined');
    },
    async calm() {
      if (isPaused) await commit('paused');
      await commit('gas cheap');
    },
  };
}

async function waitingHashes(chain: TestChain): Promise<string[]> {
  const pool = await chain.rpc<{ pending: PoolPart; queued: PoolPart }>('txpool_content');
  return [pool.pending, pool.queued].flatMap((part) =>
    Object.values(part).flatMap((ofSender) => Object.values(ofSender).map(({ hash }) => hash)),
  );
}

type PoolPart = Record<string, Record<string, { hash: string }>>;

/** Somebody sends a payment of nothing with our key, which uses up the next nonce before our own transaction does. */
async function takeNonce(chain: TestChain): Promise<void> {
  const wallet = new Wallet(anvilKeys.operator);
  const raw = await wallet.signTransaction({
    type: 2,
    chainId: chain.settings.chainId,
    nonce: await chain.port.nonceOf(wallet.address),
    to: wallet.address,
    value: 0n,
    gasLimit: 21_000n,
    maxFeePerGas: parseUnits('400', 'gwei'),
    maxPriorityFeePerGas: parseUnits('300', 'gwei'),
  });
  await chain.port.sendRaw(raw);
  await chain.mine();
}
