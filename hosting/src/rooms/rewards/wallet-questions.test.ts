import { describe, expect, it } from 'vitest';
import type { WalletProvider } from './wallet-discovery.ts';
import { askForAccount, askForSignature, readSignature, WalletProblem } from './wallet-questions.ts';

const account = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/** A wallet that gives one answer, and notes what it was asked. */
function wallet(answer: unknown): WalletProvider & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    async request(call) {
      asked.push(call);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}
const failing = (code: unknown) => wallet(Object.assign(new Error('no'), { code }));

describe('a wallet', () => {
  it('is asked for the account first, and takes the one that the member chose', async () => {
    const fox = wallet([account, '0x0000000000000000000000000000000000000001']);
    expect(await askForAccount(fox)).toBe(account);
    expect(fox.asked).toEqual([{ method: 'eth_requestAccounts', params: [] }]);
  });

  it('signs the message to the letter, as bytes, so that none mistakes it for something else', async () => {
    const fox = wallet(`0x${'ab'.repeat(65)}`);
    expect(await askForSignature(fox, 'Grüße\n0x', account)).toBe(`0x${'ab'.repeat(65)}`);
    expect(fox.asked).toEqual([{ method: 'personal_sign', params: ['0x4772c3bcc39f650a3078', account] }]);
  });

  it.each([[[]], [null], ['0x'], [[7]], [['0x12']], [{ 0: account }]])(
    'that names no account says so: %j',
    async (answer) => {
      await expect(askForAccount(wallet(answer))).rejects.toMatchObject({ kind: 'no_account' });
    },
  );

  it.each([
    [4001, 'refused'],
    ['ACTION_REJECTED', 'refused'],
    [-32002, 'waiting'],
    [4100, 'no_account'],
    [4200, 'unsupported'],
    [-32601, 'unsupported'],
    [-32603, 'failed'],
    [undefined, 'failed'],
  ])('that answers %s is understood as: %s', async (code, kind) => {
    await expect(askForSignature(failing(code), 'hello', account)).rejects.toMatchObject({ kind });
    await expect(askForAccount(failing(code))).rejects.toBeInstanceOf(WalletProblem);
  });

  it('that signs with anything but bytes has failed', async () => {
    for (const answer of ['', '0x', '0xabc', 'signed!', null, {}, 7])
      await expect(askForSignature(wallet(answer), 'hello', account)).rejects.toMatchObject({ kind: 'failed' });
  });
});

describe('a pasted signature', () => {
  const bytes = 'ab'.repeat(65);
  it.each([
    ['as it is', `0x${bytes}`],
    ['without 0x', bytes],
    ['in capital letters', `0X${bytes.toUpperCase()}`],
    ['in quotes, with spaces', ` "0x${bytes}" `],
    ['broken into lines', `0x${bytes.slice(0, 64)}\n  ${bytes.slice(64)}\n`],
    ['within JSON', JSON.stringify({ address: account, msg: 'hello', sig: `0x${bytes}`, version: '2' })],
    ['within other JSON', JSON.stringify({ signature: bytes })],
  ])('is read %s', (_how, text) => {
    expect(readSignature(text)).toBe(`0x${bytes}`);
  });

  it.each(['', '0x', 'hello', '0xabc', '{"sig":', '{"sig":{"sig":"0xab"}}', '{}', `0x${bytes}zz`])(
    'is not found in %s',
    (text) => {
      expect(readSignature(text)).toBeNull();
    },
  );
});
