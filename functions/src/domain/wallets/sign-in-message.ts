import { checksummed, type Address } from './address.ts';

/** What a member is asked to sign, before it is written down. */
export interface SignInRequest {
  /** Public address of the web app, for example `https://app.dotm.example`: wallets warn where they are asked on behalf of another site. */
  appUrl: string;
  address: Address;
  /** What the signature is for, in plain English: the standard has ASCII only, and one line. */
  statement: string;
  chainId: number;
  /** At least eight letters and digits, never used before. */
  nonce: string;
  issuedAt: Date;
  expiresAt: Date;
  /** Names the request, not the person: whoever sees a signed message learns nothing about the account. */
  requestId: string;
}

/** Letters, digits and marks that the standard allows in a statement. */
const statementForm = /^[A-Za-z0-9 \-._~:/?#[\]@!$&'()*+,;=]+$/;

/**
 * Writes a Sign-In with Ethereum message (EIP-4361, version 1) to the letter, so that wallets recognise it and show it as what it is. The
 * signature is over exactly this text: it has to be kept, not written again. Throws Error where a part has not the form that the
 * standard wants, because a wallet would then show an unreadable text that people sign all the same.
 */
export function writeSignInMessage(request: SignInRequest): string {
  const { host, origin } = new URL(request.appUrl);
  if (!statementForm.test(request.statement)) throw new Error('a statement to be signed is one line of plain ASCII');
  if (!/^[A-Za-z0-9]{8,}$/.test(request.nonce)) throw new Error('a nonce has at least eight letters and digits');
  if (!Number.isSafeInteger(request.chainId) || request.chainId < 1) throw new Error('a chain id is a whole number');
  return [
    `${host} wants you to sign in with your Ethereum account:`,
    checksummed(request.address),
    '',
    request.statement,
    '',
    `URI: ${origin}`,
    'Version: 1',
    `Chain ID: ${request.chainId}`,
    `Nonce: ${request.nonce}`,
    `Issued At: ${request.issuedAt.toISOString()}`,
    `Expiration Time: ${request.expiresAt.toISOString()}`,
    `Request ID: ${request.requestId}`,
  ].join('\n');
}
