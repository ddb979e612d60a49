import type { WalletProvider } from './wallet-discovery.ts';

/** What can go wrong in a wallet: the member said no, it waits for an answer, it names no account, it can't sign, or anything else. */
export type WalletProblemKind = 'refused' | 'waiting' | 'no_account' | 'unsupported' | 'failed';

/** A wallet did not do what it was asked. */
export class WalletProblem extends Error {
  readonly kind: WalletProblemKind;
  constructor(kind: WalletProblemKind, cause?: unknown) {
    super(`the wallet answered: ${kind}`, { cause });
    this.name = 'WalletProblem';
    this.kind = kind;
  }
}

/** Codes of EIP-1193 and of JSON-RPC, as wallets use them. 5000 is what some that are asked by way of a phone say for no. */
const kinds = new Map<unknown, WalletProblemKind>([
  [4001, 'refused'],
  [5000, 'refused'],
  ['ACTION_REJECTED', 'refused'],
  [-32002, 'waiting'],
  [4100, 'no_account'],
  [4200, 'unsupported'],
  [-32601, 'unsupported'],
]);

async function ask(provider: WalletProvider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    throw new WalletProblem(kinds.get(code) ?? 'failed', error);
  }
}

/** Asks the wallet which account the member chooses. Throws WalletProblem. */
export async function askForAccount(provider: WalletProvider): Promise<string> {
  const accounts = await ask(provider, 'eth_requestAccounts');
  const [account] = Array.isArray(accounts) ? (accounts as unknown[]) : [];
  if (typeof account !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(account)) throw new WalletProblem('no_account');
  return account;
}

/** Has the wallet sign `message` as `account`. Throws WalletProblem. */
export async function askForSignature(provider: WalletProvider, message: string, account: string): Promise<string> {
  const bytes = new TextEncoder().encode(message);
  const hex = `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const signature = readSignature(await ask(provider, 'personal_sign', [hex, account]));
  if (signature === null) throw new WalletProblem('failed');
  return signature;
}

/**
 * Reads a signature as tools give it out: with or without `0x`, in quotes, broken into lines, or within the JSON that some write around it.
 * Null when there is none.
 */
export function readSignature(given: unknown): string | null {
  if (typeof given !== 'string') return null;
  const text = given.trim();
  if (text.startsWith('{')) return readSignature(signatureIn(text));
  const hex = text.replace(/["'`\s]/g, '').replace(/^0x/i, '');
  return hex !== '' && hex.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(hex) ? `0x${hex.toLowerCase()}` : null;
}

function signatureIn(json: string): unknown {
  try {
    const { sig, signature } = JSON.parse(json) as Record<string, unknown>;
    return signature ?? sig;
  } catch {
    return null;
  }
}
