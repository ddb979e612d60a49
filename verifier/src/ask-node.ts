import { NodeError, type AskNode } from '../../functions/src/shared/proofs/check-chain.ts';

/** A node that has not answered by then is taken for away. */
const timeoutMs = 20_000;

/**
 * Reaches the node at `url` by JSON-RPC over HTTP. Throws Error with a plain reason when it can't be reached or answers nonsense, NodeError
 * when it answers with an error. Follows no redirect: the reader chose this node and no other.
 */
export function nodeAt(url: string): AskNode {
  let id = 0;
  return async (method, params) => {
    id += 1;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const headers = { 'content-type': 'application/json' };
    const request = {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    } as const;
    const response = await fetch(url, request).catch(() => {
      throw new Error('the node cannot be reached');
    });
    const answer: unknown = await response.json().catch(() => null);
    if (typeof answer !== 'object' || answer === null)
      throw new Error(`the node answered ${response.status} and no JSON`);
    if ('error' in answer && answer.error != null) throw new NodeError(messageOf(answer.error));
    if (!('result' in answer)) throw new Error('the node answered nothing');
    return answer.result;
  };
}

function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return typeof message === 'string' ? message : 'an error without words';
}
