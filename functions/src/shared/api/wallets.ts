import { z } from 'zod';
import { declareOperation } from '../operation.ts';

/** Where the rewards of a member go, as the member sees it. */
export const walletSchema = z.object({
  chainId: z.number().int().meta({ description: 'The network that its rewards are on.' }),
  address: z.string().meta({ description: 'With its checksum (EIP-55).' }),
  kind: z
    .enum(['account', 'contract'])
    .meta({ description: 'account: its key signed. contract: its code said that the signature is good (EIP-1271).' }),
  linkedAt: z.iso.datetime(),
  usableFrom: z.iso.datetime().meta({
    description: 'From when rewards go to it. Later than linkedAt after a change: until then it can be stopped.',
  }),
  previous: z
    .string()
    .nullable()
    .meta({ description: 'While the change can be stopped: the wallet that comes back. Null when none does.' }),
});
export type Wallet = z.infer<typeof walletSchema>;

/** The answer of every deed that may leave another wallet behind: what is linked now. */
const walletAnswer = z.object({ wallet: walletSchema.nullable() });

/** Signatures of contract wallets are as long as they like; this one is longer than any that is known. */
const signatureBytesMost = 8192;

export const startWalletLink = declareOperation({
  name: 'startWalletLink',
  method: 'POST',
  path: '/wallet/challenges',
  access: 'verified-member',
  input: z.object({ address: z.string().trim().min(1).max(100) }),
  output: z.object({
    nonce: z.string(),
    message: z.string().meta({ description: 'To be signed to the letter (EIP-4361, signed as EIP-191).' }),
    address: z.string().meta({ description: 'Who has to sign, with its checksum.' }),
    chainId: z.number().int(),
    expiresAt: z.iso.datetime(),
  }),
  idempotent: false,
  summary: 'Gives the message that proves a wallet once it is signed. Needs a sign-in of the last five minutes.',
  errors: [
    'auth.recent_sign_in_required',
    'chain.not_set_up',
    'wallet.address_invalid',
    'wallet.checksum_wrong',
    'wallet.address_forbidden',
    'wallet.already_linked',
    'request.rate_limited',
  ],
  rateLimit: { calls: 20, windowSeconds: 3600 },
});

export const confirmWalletLink = declareOperation({
  name: 'confirmWalletLink',
  method: 'POST',
  path: '/wallet',
  access: 'verified-member',
  input: z.object({
    nonce: z.string().regex(/^[0-9a-f]{32}$/, 'must be the nonce of a message that we gave out'),
    signature: z
      .string()
      .max(2 + 2 * signatureBytesMost)
      .regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be 0x and two hexadecimal digits for each byte'),
  }),
  output: walletAnswer,
  idempotent: true,
  summary: 'Links the wallet that signed. The first is used at once, a later one after the cooling-off time.',
  errors: [
    'not_found',
    'chain.not_set_up',
    'wallet.challenge_expired',
    'wallet.challenge_used',
    'wallet.wrong_chain',
    'wallet.wrong_signer',
    'wallet.signature_invalid',
    'wallet.not_deployed',
    'wallet.taken',
    'vendor.unavailable',
    'request.rate_limited',
  ],
  rateLimit: { calls: 20, windowSeconds: 3600 },
});

export const cancelWalletChange = declareOperation({
  name: 'cancelWalletChange',
  method: 'POST',
  path: '/wallet/cancel-change',
  access: 'member',
  input: z.object({}),
  output: walletAnswer,
  idempotent: true,
  summary: 'Stops a change of wallet during its cooling-off time; the wallet before it is linked again.',
  errors: ['chain.not_set_up', 'wallet.no_change', 'request.rate_limited'],
  rateLimit: { calls: 20, windowSeconds: 3600 },
});

export const unlinkWallet = declareOperation({
  name: 'unlinkWallet',
  method: 'POST',
  path: '/wallet/unlink',
  access: 'member',
  input: z.object({}),
  output: walletAnswer,
  idempotent: false,
  summary:
    'Unlinks the wallet; rewards wait. The next one that is linked has a cooling-off time. Needs a sign-in of the last five minutes.',
  errors: ['auth.recent_sign_in_required', 'chain.not_set_up', 'request.rate_limited'],
  rateLimit: { calls: 20, windowSeconds: 3600 },
});
