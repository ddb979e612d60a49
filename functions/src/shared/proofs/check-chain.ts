import { concat, fromHex, keccakOfText, toHex, type Hex } from './bytes.ts';
import { ended, type Check, type CheckId } from './check-proof.ts';
import type { RewardStatement, SignedStatement } from './statement.ts';

/**
 * Asks a node of the chain one thing by JSON-RPC and returns `result`. Throws NodeError when the node answered with an error, and any
 * other error when it did not answer.
 */
export type AskNode = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** The node answered that it can't or won't. */
export class NodeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NodeError';
  }
}

const chainChecks: readonly CheckId[] = ['network', 'block', 'contracts', 'role', 'supply', 'room'];

/** What to show for the chain when nobody named a node. */
export function withoutChain(): Check[] {
  return chainChecks.map((id) => ended(id, 'not_checked', 'no_node'));
}

/**
 * Checks a statement against the chain, at the block that it names: the chain and the block, that the distributor pays this token, that
 * the signer may pay for the distributor, supply and cap, and that no more is owed than may still be minted. Every check depends on the
 * ones before it; after one that did not pass the rest is not checked. A node that has forgotten the state of an old block is asked for
 * today's instead, and the check says so.
 */
export async function checkChain({ statement, signature }: SignedStatement, ask: AskNode): Promise<Check[]> {
  const checks: Check[] = [];
  const steps = [
    () => checkNetwork(statement, ask),
    () => checkBlock(statement, ask),
    () => checkContracts(statement, ask),
    () => checkRole(statement, signature.signer, ask),
    () => checkSupply(statement, ask),
  ];
  for (const [i, step] of steps.entries()) {
    const id = chainChecks[i] ?? 'network';
    const check = await step().catch((error: unknown) => ended(id, 'not_checked', 'node_failed', reasonOf(error)));
    checks.push(check);
    // Another network or block, or a node that is away: nothing that it would say after that is about this statement.
    if (check.outcome === 'failed' || check.reason === 'node_failed') break;
  }
  if (checks.length === steps.length) checks.push(checkRoom(statement, checks[4]));
  return [...checks, ...chainChecks.slice(checks.length).map((id) => ended(id, 'not_checked', 'earlier'))];
}

function reasonOf(error: unknown): { problem: string } {
  return { problem: error instanceof Error ? error.message.slice(0, 200) : 'unknown' };
}

async function checkNetwork({ chainId }: RewardStatement, ask: AskNode): Promise<Check> {
  const found = readNumber(await ask('eth_chainId', []));
  const values = { chainId: String(chainId), found: String(found) };
  return found === BigInt(chainId)
    ? ended('network', 'passed', 'right', values)
    : ended('network', 'failed', 'other', values);
}

const mostApartMs = 24 * 3_600_000;
/** The chain of a developer's machine, whose time need not follow anything. */
const developersChain = 31_337;

/**
 * Whether a block is near enough to the balances of a statement, at most 24 hours before or after: further away it says nothing about what
 * may still be minted beside them.
 */
export function isNear(chainId: number, takenAt: Date, minedAt: Date): boolean {
  return chainId === developersChain || Math.abs(minedAt.getTime() - takenAt.getTime()) <= mostApartMs;
}

async function checkBlock({ chainId, takenAt, block }: RewardStatement, ask: AskNode): Promise<Check> {
  const found = await ask('eth_getBlockByNumber', [numberText(block.number), false]);
  const values = { number: String(block.number), hash: block.hash };
  if (found === null) return ended('block', 'failed', 'unknown', values);
  const { hash, timestamp } = found as { hash?: unknown; timestamp?: unknown };
  if (typeof hash !== 'string' || hash.toLowerCase() !== block.hash) return ended('block', 'failed', 'other', values);
  const minedAt = new Date(Number(readNumber(timestamp)) * 1_000);
  const times = { ...values, takenAt, minedAt: minedAt.toISOString().replace('.000', '') };
  return isNear(chainId, new Date(takenAt), minedAt)
    ? ended('block', 'passed', 'right', times)
    : ended('block', 'failed', 'far', times);
}

/** The distributor pays this token, and the token lets it mint: neither can be a stranger to the other. */
async function checkContracts({ token, distributor, block }: RewardStatement, ask: AskNode): Promise<Check> {
  // Immutable: today's answer is the answer of every block since the contract was made.
  const { words } = await callAt(ask, block.number, distributor, selector('token()'));
  const [word] = words;
  if (word === undefined) return ended('contracts', 'failed', 'none', { distributor });
  const found = toHex(word.subarray(12));
  if (found !== token) return ended('contracts', 'failed', 'other', { token, found });
  const minter = await hasRole(ask, block.number, token, 'MINTER_ROLE', distributor);
  if (minter.holds) return ended('contracts', 'passed', 'right', { token, distributor });
  return minter.asOf === 'block'
    ? ended('contracts', 'failed', 'no_minter', { token, distributor })
    : ended('contracts', 'not_checked', 'old_state', { token, distributor });
}

async function checkRole(statement: RewardStatement, signer: Hex, ask: AskNode): Promise<Check> {
  const { distributor, block } = statement;
  const { holds, asOf } = await hasRole(ask, block.number, distributor, 'OPERATOR_ROLE', signer);
  const values = { signer, distributor };
  if (holds) return ended('role', 'passed', asOf === 'block' ? 'right' : 'today', values);
  // Operators are changed: only the block itself can say that this one never was.
  return asOf === 'block' ? ended('role', 'failed', 'none', values) : ended('role', 'not_checked', 'old_state', values);
}

async function hasRole(ask: AskNode, block: number, at: Hex, role: string, holder: Hex) {
  const who = concat(new Uint8Array(12), fromHex(holder));
  const data = concat(selector('hasRole(bytes32,address)'), keccakOfText(role), who);
  const { words, asOf } = await callAt(ask, block, at, data);
  return { holds: words[0]?.some((byte) => byte !== 0) ?? false, asOf };
}

async function checkSupply(statement: RewardStatement, ask: AskNode): Promise<Check> {
  const { token, block } = statement;
  const supply = await callAt(ask, block.number, token, selector('totalSupply()'));
  const cap = await callAt(ask, block.number, token, selector('cap()'));
  const found = { supply: toNumber(supply.words[0]), cap: toNumber(cap.words[0]) };
  const values = {
    supply: statement.supply,
    cap: statement.cap,
    foundSupply: String(found.supply),
    foundCap: String(found.cap),
  };
  if (found.cap !== BigInt(statement.cap)) return ended('supply', 'failed', 'cap', values);
  if (supply.asOf === 'today') {
    // Nothing can be burnt: what exists today is never less than what existed then.
    return found.supply < BigInt(statement.supply)
      ? ended('supply', 'failed', 'shrunk', values)
      : ended('supply', 'not_checked', 'old_state', values);
  }
  return found.supply === BigInt(statement.supply)
    ? ended('supply', 'passed', 'right', values)
    : ended('supply', 'failed', 'other', values);
}

/** The claim again, with the numbers of the chain instead of ours. */
function checkRoom({ totals }: RewardStatement, supply: Check | undefined): Check {
  if (supply?.outcome !== 'passed') return ended('room', 'not_checked', 'old_state');
  const room = BigInt(supply.values['foundCap'] ?? 0) - BigInt(supply.values['foundSupply'] ?? 0);
  const values = { owed: totals.owed, room: String(room) };
  return BigInt(totals.owed) <= room
    ? ended('room', 'passed', 'right', values)
    : ended('room', 'failed', 'too_much', values);
}

function selector(signature: string): Uint8Array {
  return keccakOfText(signature).subarray(0, 4);
}

function numberText(value: number): string {
  return `0x${value.toString(16)}`;
}

function readNumber(answer: unknown): bigint {
  if (typeof answer !== 'string' || !/^0x[0-9a-fA-F]+$/.test(answer))
    throw new NodeError('the node answered no number');
  return BigInt(answer);
}

function toNumber(word: Uint8Array | undefined): bigint {
  if (word === undefined) throw new NodeError('there is no such contract');
  return BigInt(toHex(word));
}

/** Calls a contract at a block; at the newest one when the node no longer knows the state of that block. */
async function callAt(
  ask: AskNode,
  block: number,
  to: string,
  data: Uint8Array,
): Promise<{ words: Uint8Array[]; asOf: 'block' | 'today' }> {
  const call = { to, data: toHex(data) };
  try {
    return { words: readWords(await ask('eth_call', [call, numberText(block)])), asOf: 'block' };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { words: readWords(await ask('eth_call', [call, 'latest'])), asOf: 'today' };
  }
}

function readWords(answer: unknown): Uint8Array[] {
  if (typeof answer !== 'string' || !/^0x(?:[0-9a-fA-F]{64})*$/.test(answer)) {
    throw new NodeError('the node answered no words of 32 bytes');
  }
  const bytes = fromHex(answer);
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}
