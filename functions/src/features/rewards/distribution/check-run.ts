import { feesAt, gasLimitOf, weiPerMicro } from '../../../domain/rewards/payout-batches.ts';
import { raiseAlert, resolveAlert } from '../../../platform/alerts.ts';
import type { Services } from '../../../platform/container.ts';
import type { DistributionBatch } from '../../../store/distribution-batches.ts';
import { unsettledBatches } from '../../../store/distribution-batches.ts';
import { recordChecks, type DistributionRun, type RunCheck } from '../../../store/distributions.ts';
import { distributeCall } from '../../../vendors/chain/contracts.ts';
import { CallReverted, type ChainPort } from '../../../vendors/chain/port.ts';
import type { ChainView, OpenChain } from './open-chain.ts';
import { settleFrom } from './settle-batches.ts';

/** What a run or a batch pays, against what may be paid. */
interface Amounts {
  /** Of the whole run, in micro-DOTM. */
  readonly runMicro: bigint;
  /** What is to be signed next, in micro-DOTM. */
  readonly nextMicro: bigint;
  /** Entries of what is to be signed next, for its gas. */
  readonly entries: number;
}

/** Looks at all that would keep a run of `totalMicro` from being paid now. Asks the chain; changes nothing. Throws `vendor.unavailable`. */
export async function checkRun(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  totalMicro: bigint,
): Promise<RunCheck[]> {
  return checkState(services, chain, view, { runMicro: totalMicro, nextMicro: totalMicro, entries: 1 });
}

/**
 * Looks at all that could make this batch fail, and tries it on the chain without sending it. False when something
 * stands against it: operators are told then, and nothing may be signed. Throws `vendor.unavailable`.
 */
export async function checkBatch(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  run: DistributionRun,
  batch: DistributionBatch,
): Promise<boolean> {
  const amounts = { runMicro: run.totalMicro, nextMicro: batch.totalMicro, entries: batch.entries };
  const checks = await checkState(services, chain, view, amounts);
  // Only where all else is well: what the contract says then is news.
  if (checks.every(({ ok }) => ok)) checks.push(await tryBatch(services, chain, view, batch));
  await report(services, run.id, checks);
  return checks.every(({ ok }) => ok);
}

/** What may still be paid, in micro-DOTM, when all that is under way has been. */
interface Room {
  readonly paused: boolean;
  /** Of the day, by the contract. */
  readonly dayMicro: bigint;
  /** Below the cap, by the token. */
  readonly capMicro: bigint;
}

/**
 * Looks how much room there is. What is signed may be mined and not final: then the chain has counted it already, and counting it again would
 * hold up a run for as long as blocks take to be final. The chain is asked about each batch only where it makes a difference.
 */
async function findRoom(services: Services, { settings, port }: OpenChain, neededMicro: bigint): Promise<Room> {
  const signed = (await unsettledBatches(services.db, settings)).filter(({ state }) => state === 'signed');
  const room = await readRoom(port, signed);
  if (signed.length === 0 || (neededMicro <= room.dayMicro && neededMicro <= room.capMicro)) return room;
  const paid = await Promise.all(signed.map(({ id }) => port.isPaid(id)));
  // Asked in this order: a batch that is mined in between counts twice, which is stricter than it need be, and never not at all.
  return readRoom(
    port,
    signed.filter((_, i) => paid[i] === false),
  );
}

async function readRoom(port: ChainPort, underWay: readonly { totalMicro: bigint }[]): Promise<Room> {
  const [distributor, token] = await Promise.all([port.readDistributor(), port.readToken()]);
  const underWayMicro = underWay.reduce((sum, { totalMicro }) => sum + totalMicro, 0n);
  return {
    paused: distributor.paused,
    dayMicro: distributor.leftMicro - underWayMicro,
    capMicro: (token.capWei - token.supplyWei) / weiPerMicro - underWayMicro,
  };
}

async function checkState(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  { runMicro, nextMicro, entries }: Amounts,
): Promise<RunCheck[]> {
  const { settings, port } = chain;
  const signer = await (await services.rewardSigner()).address();
  const [room, isOperator, funds] = await Promise.all([
    findRoom(services, chain, nextMicro),
    port.isOperator(signer),
    port.balanceOf(signer),
  ]);
  const fees = feesAt(view.baseFeeWei, settings.maxFeeWei);
  // A node takes a transaction only where its sender could pay for all of its gas at the most that it offers.
  const gasWei = gasLimitOf(entries, settings.gasPerEntry) * (fees?.maxFeeWei ?? view.baseFeeWei);
  return [
    check('paused', !room.paused, 'the guardian has paused the distributor'),
    check('operator', isOperator, 'our key does not hold the role of the operator'),
    check(
      'run_budget',
      runMicro <= settings.runBudgetMicro,
      `the run pays ${runMicro} micro-DOTM, REWARD_RUN_BUDGET_DOTM allows ${settings.runBudgetMicro}`,
    ),
    check(
      'daily_limit',
      nextMicro <= room.dayMicro,
      `${nextMicro} micro-DOTM are to be paid, the day has ${room.dayMicro} left; it refills by the second`,
    ),
    check('cap', nextMicro <= room.capMicro, `${nextMicro} micro-DOTM are to be paid, the cap leaves ${room.capMicro}`),
    check('fees', fees !== null, `gas costs ${view.baseFeeWei} wei, CHAIN_MAX_FEE_GWEI allows ${settings.maxFeeWei}`),
    check('funds', funds >= gasWei, `our key has ${funds} wei to pay gas with, a batch may need ${gasWei}`),
  ];
}

function check(name: RunCheck['name'], ok: boolean, otherwise: string): RunCheck {
  return { name, ok, detail: ok ? '' : otherwise };
}

async function tryBatch(
  services: Services,
  chain: OpenChain,
  view: ChainView,
  batch: DistributionBatch,
): Promise<RunCheck> {
  const from = await (await services.rewardSigner()).address();
  try {
    await chain.port.estimateGas({ from, to: batch.distributor, data: distributeCall(batch.id, batch.words) });
    return check('call', true, '');
  } catch (error) {
    if (!(error instanceof CallReverted)) throw error;
    // Somebody has used this number, perhaps before we began to look: what they paid decides what becomes of the batch.
    if (error.reason === 'BatchAlreadyPaid')
      await settleFrom(services, chain, view, chain.settings.startBlock, [batch.id]);
    return check('call', false, `batch ${batch.id} would be refused: ${error.reason}`);
  }
}

async function report({ db, clock }: Services, runId: string, checks: readonly RunCheck[]): Promise<void> {
  await recordChecks(db, runId, checks);
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return resolveAlert(db, 'distribution_blocked', runId, clock.now());
  const message = `Run ${runId} is not signed: ${failed.map(({ detail }) => detail).join('; ')}.`;
  await raiseAlert(db, { kind: 'distribution_blocked', subject: runId, message }, clock.now());
}
