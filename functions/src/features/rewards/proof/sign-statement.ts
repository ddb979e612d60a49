import { raiseAlert } from '../../../platform/alerts.ts';
import type { ChainSettings } from '../../../platform/chain-settings.ts';
import type { Services } from '../../../platform/container.ts';
import { TryLater, type Job } from '../../../platform/jobs.ts';
import { CodedError } from '../../../shared/errors.ts';
import type { Hex } from '../../../shared/proofs/bytes.ts';
import { isNear } from '../../../shared/proofs/check-chain.ts';
import type { RewardStatement } from '../../../shared/proofs/statement.ts';
import {
  recoverSigner,
  statementDigest,
  statementDomain,
  statementTypes,
  statementValues,
} from '../../../shared/proofs/typed-data.ts';
import { keepReading, newestPaidBlock, publishStatement, type DraftStatement } from '../../../store/reward-proofs.ts';
import { readSettledBlock } from '../settled-block.ts';

/** A block comes every 12 seconds; what is settled moves on every few minutes. */
const waitForChainSeconds = 60;

/**
 * Second step: reads supply and cap at a settled block and keeps them. The block is read after the balances, and is none before a payment
 * that the ledger has booked as made: so every token that was promised is either in the balances or in the supply, and what was on its
 * way is in both, which makes the statement owe more and never less. False, with nothing kept, when the chain has no settled block near
 * the balances: nobody could check such a statement. Throws TryLater while the node is behind.
 */
export async function readChainFor(
  services: Services,
  job: Job,
  chain: ChainSettings,
  { date, takenAt }: Pick<DraftStatement, 'date' | 'takenAt'>,
): Promise<boolean> {
  const port = await services.chain();
  await port.checkNetwork();
  const block = await readSettledBlock(port, chain);
  if (block === null) throw new TryLater('no block is settled yet', waitForChainSeconds);
  if (block.number < (await newestPaidBlock(services.db, chain.chainId))) {
    throw new TryLater('the node is behind what we know to be paid', waitForChainSeconds);
  }
  if (!isNear(chain.chainId, takenAt, block.at)) {
    // A node that is a day behind: another one may serve a block that is near, for as long as such blocks are made.
    if (isNear(chain.chainId, takenAt, services.clock.now())) {
      throw new TryLater('the newest settled block is a day old', waitForChainSeconds);
    }
    return false;
  }
  const { supplyWei, capWei } = await port.readToken(block.number);
  const again = await port.readBlock(block.number);
  if (again?.hash !== block.hash) throw new TryLater('the block changed while it was read', waitForChainSeconds);
  const reading = { block: { number: block.number, hash: block.hash }, supply: supplyWei, cap: capWei };
  await services.db.transaction(async (tx) => {
    await job.renew(tx);
    await keepReading(tx, date, reading);
  });
  return true;
}

/**
 * Last step: signs the statement and publishes it, which finishes the job. What is signed is what was kept, so a second attempt can
 * sign nothing else. Raises an alert when more is owed than may still be minted; it is published all the same, because it is true.
 * Throws chain.not_set_up when the key may not pay for the distributor: nobody would have a reason to believe its signature.
 */
export async function signStatement(services: Services, job: Job, statement: RewardStatement): Promise<void> {
  const [port, key] = await Promise.all([services.chain(), services.rewardSigner()]);
  const signer = (await key.address()).toLowerCase() as Hex;
  if (!(await port.isOperator(signer))) {
    throw new CodedError('chain.not_set_up', 'the key that signs statements has no OPERATOR_ROLE at the distributor');
  }
  const signed = await key.signTypedData(statementDomain(statement), statementTypes, statementValues(statement));
  const value = signed.toLowerCase() as Hex;
  if (recoverSigner(statementDigest(statement), value) !== signer) {
    throw new CodedError('vendor.unavailable', 'the key service gave a signature that is not of its key');
  }
  const now = services.clock.now();
  const { date, totals, mayStillBeMinted } = statement;
  await services.db.transaction(async (tx) => {
    await publishStatement(tx, date, { signer, value }, now);
    if (BigInt(totals.owed) > BigInt(mayStillBeMinted)) {
      const message = `the statement of ${date} owes ${totals.owed} wei, and only ${mayStillBeMinted} may still be minted: stop promising rewards.`;
      await raiseAlert(tx, { kind: 'liabilities_above_cap', subject: date, message }, now);
    }
    await job.finish(tx);
  });
}
