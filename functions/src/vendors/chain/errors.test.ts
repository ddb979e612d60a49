import { describe, expect, it } from 'vitest';
import { chainFailure, outcomeOfRefusal, revertData } from './errors.ts';

/** An error as the library makes it of a node's answer. */
function answered(message: string, code = -32000, data?: unknown): Error {
  return Object.assign(new Error(`could not coalesce error (url="https://node.example/secret-key")`), {
    code: 'UNKNOWN_ERROR',
    error: { code, message, data },
  });
}

describe('what a node says of a transaction', () => {
  it.each([
    ['already known', 'known'],
    ['ALREADY_EXISTS: already known', 'known'],
    ['transaction already imported', 'known'],
    ['AlreadyKnown', 'known'],
    ['nonce too low: next nonce 5, tx nonce 4', 'nonce_spent'],
    ['OldNonce', 'nonce_spent'],
    ['replacement transaction underpriced', 'underpriced'],
    ['transaction underpriced: tip needed 1, tip permitted 0', 'underpriced'],
    ['max fee per gas less than block base fee', 'underpriced'],
    ['FeeTooLow', 'underpriced'],
    ['insufficient funds for gas * price + value', 'no_funds'],
    ['Insufficient funds for gas * price + value', 'no_funds'],
    ['Upfront cost exceeds account balance', 'no_funds'],
    ['exceeds block gas limit', 'refused'],
    ['invalid sender', 'refused'],
  ])('"%s" means %s', (message, outcome) => {
    expect(outcomeOfRefusal(answered(message))).toBe(outcome);
  });

  it('is nothing yet when it is limited, broken or silent: then it is asked again', () => {
    expect(outcomeOfRefusal(answered('daily request count exceeded', -32005))).toBeNull();
    expect(outcomeOfRefusal(answered('Internal error', -32603))).toBeNull();
    expect(outcomeOfRefusal(Object.assign(new Error('timeout'), { code: 'TIMEOUT' }))).toBeNull();
    expect(outcomeOfRefusal('no error at all')).toBeNull();
  });

  it('is understood where the library has kept only its own code', () => {
    const known = (code: string) => outcomeOfRefusal(Object.assign(new Error(code), { code }));
    expect(known('NONCE_EXPIRED')).toBe('nonce_spent');
    expect(known('REPLACEMENT_UNDERPRICED')).toBe('underpriced');
    expect(known('INSUFFICIENT_FUNDS')).toBe('no_funds');
  });
});

describe('a contract that refuses', () => {
  it('is told from a node that fails, and its data is found at either depth', () => {
    expect(revertData(answered('execution reverted', 3, '0xd93c0665'))).toBe('0xd93c0665');
    expect(revertData(answered('VM Exception: revert', -32000, { data: '0xd93c0665' }))).toBe('0xd93c0665');
    expect(revertData(answered('execution reverted', 3))).toBe('0x');
    expect(revertData(answered('header not found'))).toBeNull();
    expect(revertData(new Error('execution reverted'))).toBeNull();
  });
});

it('the message of a failure names neither the node’s address with its key nor what was sent', () => {
  const failure = chainFailure('eth_call', answered('bad things at https://node.example/secret-key', -32000));
  expect(failure.code).toBe('vendor.unavailable');
  const said = `${failure.message} ${String((failure.cause as Error).message)} ${String((failure.cause as Error).stack)}`;
  expect(said).not.toContain('secret-key');
  expect(said).toContain('eth_call');
});
