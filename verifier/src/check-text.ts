import { checkChain, withoutChain, type AskNode } from '../../functions/src/shared/proofs/check-chain.ts';
import {
  checkIds,
  checkProof,
  checkStatement,
  ended,
  type Check,
} from '../../functions/src/shared/proofs/check-proof.ts';
import { FormError, readProofFile, readSignedStatement } from '../../functions/src/shared/proofs/proof-file.ts';
import type { ProofFile, SignedStatement } from '../../functions/src/shared/proofs/statement.ts';

/** All checks of a file in the order in which they are shown, and the file when it could be read. */
export interface Checked {
  readonly checks: readonly Check[];
  readonly file: ProofFile | SignedStatement | null;
}

/** How it ended: something is wrong, everything that could be asked is right, or there was more to ask and no answer. */
export type Verdict = 'failed' | 'passed' | 'incomplete';

/**
 * Checks the text of a proof file, or of a statement alone. `memberId` says whom it should be about, null for nobody in particular; `ask`
 * reaches a node of the chain, null for none. Throws nothing: what can't be checked says so.
 */
export async function checkText(text: string, memberId: string | null, ask: AskNode | null): Promise<Checked> {
  const file = readEither(text);
  if (file instanceof FormError) {
    const problem = ended('form', 'failed', 'wrong', { field: file.field, problem: file.message });
    const rest = checkIds.slice(1).map((id) => ended(id, 'not_checked', 'earlier'));
    return { checks: [problem, ...rest], file: null };
  }
  const alone = 'proof' in file ? checkProof(file, memberId) : checkStatement(file);
  const onChain = ask === null ? withoutChain() : await checkChain(file, ask);
  return { checks: [...alone, ...onChain], file };
}

function readEither(text: string): ProofFile | SignedStatement | FormError {
  try {
    return readProofFile(text);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    if (error.field !== 'proof') return error;
  }
  try {
    return readSignedStatement(text);
  } catch (error) {
    if (error instanceof FormError) return error;
    throw error;
  }
}

/** Puts checks together. `incomplete` only where a node was named: without one nobody expects it to have answered. */
export function verdictOf(checks: readonly Check[], withNode: boolean): Verdict {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'failed';
  const open = checks.some(({ outcome, id }) => outcome === 'not_checked' && id !== 'member' && id !== 'path');
  return withNode && open ? 'incomplete' : 'passed';
}
