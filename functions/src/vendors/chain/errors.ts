import type { CodedError } from '../../shared/errors.ts';
import { vendorError } from '../failure.ts';
import type { SendOutcome } from './port.ts';

/** What a node answered, wherever the library has put it. */
interface NodeError {
  readonly code: number | null;
  readonly message: string;
  readonly data: unknown;
}

function nodeError(error: unknown): NodeError | null {
  if (!(error instanceof Error)) return null;
  const { error: inner, info } = error as { error?: unknown; info?: { error?: unknown } };
  const answer = (inner ?? info?.error) as { code?: unknown; message?: unknown; data?: unknown } | undefined;
  if (typeof answer !== 'object' || answer === null) return null;
  return {
    code: typeof answer.code === 'number' ? answer.code : null,
    message: typeof answer.message === 'string' ? answer.message : '',
    data: answer.data,
  };
}

/** What nodes call a contract's refusal: code 3, or a text that names it. */
const revertCode = 3;

/**
 * The data that a contract refused with (`0x` when it gave none), or null when it was not a contract that refused. Nodes put it into
 * `data`, some of them one level deeper.
 */
export function revertData(error: unknown): string | null {
  const answer = nodeError(error);
  if (answer === null || !(answer.code === revertCode || /revert/i.test(answer.message))) return null;
  const { data } = answer;
  if (typeof data === 'string') return data;
  const deeper = (data as { data?: unknown } | null | undefined)?.data;
  return typeof deeper === 'string' ? deeper : '0x';
}

/** Words of the nodes (Geth, Anvil, Nethermind, Besu, Erigon) for what they think of a transaction. The first that fits counts. */
const refusals: readonly (readonly [RegExp, SendOutcome])[] = [
  [/already (known|imported)|already in (the )?(pool|mempool)|known transaction|alreadyknown/i, 'known'],
  [/nonce (is )?(too low|has already been used)|oldnonce|nonce_too_low/i, 'nonce_spent'],
  [/underpriced|fee too low|feetoolow|less than block base fee|max fee per gas/i, 'underpriced'],
  [/insufficient (funds|balance)|insufficientfunds|upfront cost exceeds/i, 'no_funds'],
];

/** What the node's refusal of a transaction means; null when the node has not judged it (no answer, its own fault, a limit). */
export function outcomeOfRefusal(error: unknown): SendOutcome | null {
  const answer = nodeError(error);
  // The library recognises some refusals by itself and keeps the code only.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'NONCE_EXPIRED') return 'nonce_spent';
  if (code === 'REPLACEMENT_UNDERPRICED') return 'underpriced';
  if (code === 'INSUFFICIENT_FUNDS') return 'no_funds';
  if (answer === null) return null;
  const known = refusals.find(([words]) => words.test(answer.message));
  if (known) return known[1];
  // -32005 is a limit of the node, -32603 its own failure: it may be taken later.
  return answer.code === -32005 || answer.code === -32603 ? null : 'refused';
}

/**
 * The coded error of a question that got no answer. Always worth asking again: the chain goes on. The library's own text holds the
 * node's address with its key and what was sent, so nothing of it is kept.
 */
export function chainFailure(method: string, error: unknown): CodedError {
  const answer = nodeError(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const what = answer ? `the node answered error ${answer.code ?? 'without a code'}` : `the node gave no answer${code}`;
  return vendorError('unavailable', `chain ${method}: ${what}`, error);
}
