import { entriesPerBatch, gasLimitOf, microToMoney, zeroAddress } from '../../../domain/rewards/payout-batches.ts';
import type { Services } from '../../../platform/container.ts';
import type { DistributionReport, RunCheckView, waitingReasons } from '../../../shared/api/distribution.ts';
import { CodedError } from '../../../shared/errors.ts';
import { toMoney } from '../../../shared/money.ts';
import { shortAddress } from '../../../shared/short-address.ts';
import { readWaiting, type WaitingPart } from '../../../store/distribution-payees.ts';
import { readLargestEntries, readPayable, type Payable } from '../../../store/distribution-views.ts';
import { unapprovedMicroOfDay } from '../../../store/distributions.ts';
import { chainOfRewards } from '../chain-of-rewards.ts';
import { checkRun } from './check-run.ts';
import { formatEther, formatGwei } from './ether-words.ts';
import { lookAtChain, openChain } from './open-chain.ts';

/** Enough to see a unit gone wrong, which is what a person looks for. */
const largestShown = 5;

/** What the chain says about a payment, or that it says nothing. */
interface Asked {
  /** Most that one entry pays; null when nobody could say. */
  readonly ceilingMicro: bigint | null;
  readonly baseFeeWei: bigint | null;
  checks(payable: Payable): Promise<RunCheckView[]>;
}

/**
 * Counts what a run planned now would pay, without a lock and without keeping anything. Where the chain gives no answer the report says so in
 * a check, and what our own books know is told all the same. Throws `chain.not_set_up`.
 */
export async function reportDistribution(services: Services): Promise<DistributionReport> {
  const { db, clock } = services;
  const settings = chainOfRewards(services.policy);
  const asked = await askChain(services);
  const scope = { chainId: settings.chainId, now: clock.now() };
  const barred = [settings.token, settings.distributor, zeroAddress];
  const payableScope = { ...scope, barred, ceilingMicro: asked.ceilingMicro };
  const payable = await readPayable(db, payableScope);
  const largest = await readLargestEntries(db, payableScope, largestShown);
  const unapproved = await unapprovedMicroOfDay(db, { chainId: settings.chainId, at: scope.now });
  const batches = Math.ceil(payable.recipients / entriesPerBatch(settings.gasPerEntry));
  return {
    at: scope.now.toISOString(),
    recipients: payable.recipients,
    batches,
    total: microToMoney(payable.totalMicro),
    needsApproval: payable.totalMicro + unapproved > settings.approvalAboveMicro,
    largest: largest.map(({ address, micro }) => ({ wallet: shortAddress(address), amount: microToMoney(micro) })),
    waiting: waitingOf(await readWaiting(db, scope), payable),
    gas: gasOf(payable.recipients, batches, settings, asked.baseFeeWei),
    checks: await asked.checks(payable),
  };
}

async function askChain(services: Services): Promise<Asked> {
  try {
    const chain = await openChain(services);
    await chain.port.checkNetwork();
    const [view, { entryCeilingMicro }] = [await lookAtChain(chain), await chain.port.readDistributor()];
    const reached = { name: 'chain', ok: true, detail: `block ${view.head}` };
    return {
      ceilingMicro: entryCeilingMicro,
      baseFeeWei: view.baseFeeWei,
      checks: (payable) =>
        orSilent(async () => [reached, ...(await checkRun(services, chain, view, payable.totalMicro))]),
    };
  } catch (error) {
    return {
      ceilingMicro: null,
      baseFeeWei: null,
      checks: () =>
        orSilent(async () => {
          throw error;
        }),
    };
  }
}

/** The checks, or the one that says who gave no answer. */
async function orSilent(look: () => Promise<RunCheckView[]>): Promise<RunCheckView[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'vendor.unavailable') throw error;
    return [{ name: 'chain', ok: false, detail: error.message }];
  }
}

function waitingOf(waiting: Awaited<ReturnType<typeof readWaiting>>, payable: Payable): DistributionReport['waiting'] {
  const parts: Record<(typeof waitingReasons)[number], WaitingPart> = {
    no_wallet: waiting.noWallet,
    cooling_off: waiting.cooling,
    open_note: waiting.note,
    below_one_micro: waiting.belowOneMicro,
    above_entry_ceiling: { members: payable.aboveMembers, wei: payable.aboveWei },
  };
  return Object.entries(parts)
    .filter(([, { members }]) => members > 0)
    .map(([reason, { members, wei }]) => ({
      reason: reason as (typeof waitingReasons)[number],
      members,
      total: toMoney('DOTM', wei),
    }));
}

/** All batches but the last are full, so that their gas is that of the entries, and that of a batch for each. */
function gasOf(
  recipients: number,
  batches: number,
  { gasPerEntry, maxFeeWei }: { gasPerEntry: number; maxFeeWei: bigint },
  baseFeeWei: bigint | null,
): DistributionReport['gas'] {
  if (baseFeeWei === null) return null;
  const units = batches === 0 ? 0n : BigInt(batches) * gasLimitOf(Math.ceil(recipients / batches), gasPerEntry);
  return {
    units: units.toString(),
    feeGwei: formatGwei(baseFeeWei),
    ceilingGwei: formatGwei(maxFeeWei),
    costEther: formatEther(units * baseFeeWei),
    costAtCeilingEther: formatEther(units * maxFeeWei),
  };
}
