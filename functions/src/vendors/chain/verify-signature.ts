import { hashMessage, verifyMessage } from 'ethers';
import { CallReverted, type ChainPort, type Hex } from './port.ts';

/** What a signature says about an address. Only the first two prove that its owner agreed. */
export type SignatureVerdict =
  /** The address's own key signed, whether there is code at it or not (EIP-7702). */
  | 'account'
  /** The contract at the address says that it is good (EIP-1271). */
  | 'contract'
  /** A good signature by the key of another address. */
  | 'other_signer'
  /** No signature, or one that the contract at the address does not take. */
  | 'invalid'
  /** Of a contract wallet that will only be there after its first transaction (EIP-6492): there is nobody to ask yet. */
  | 'not_deployed';

/** What a contract answers to a good signature: `bytes4` in a word of 32 bytes, and nothing else. */
const goodAnswer = `0x1626ba7e${'0'.repeat(56)}`;

/** Of `isValidSignature(bytes32,bytes)`; its name happens to be what it answers. */
const selector = '1626ba7e';

/**
 * What a stranger's contract may burn before we stop listening. A wallet of ten signers takes about 0.1 million, one that checks a passkey
 * without help from the chain about 0.4 million; a node computes five million in a tenth of a second.
 */
const gasMost = 5_000_000n;

/** An address without code: to call it costs nothing and gives nothing back. */
const nobody = '0x000000000000000000000000000000000000dead';

/** Wallets that are not on the chain yet wrap their signature in something that ends like this (EIP-6492). */
const notDeployedEnd = '6492'.repeat(16);

/**
 * Judges whether the owner of `address` signed `message` (EIP-191, `personal_sign`). The key's own signature is looked at first and asks
 * nobody: 65 bytes, or 64 (EIP-2098). Otherwise the contract at the address is asked, with bounded gas; one that refuses, burns
 * all of it, or answers anything but the agreed word has not said yes. Throws `vendor.unavailable` only when the node doesn't answer.
 */
export async function verifySignature(
  chain: Pick<ChainPort, 'codeOf' | 'call'>,
  { address, message, signature }: { address: Hex; message: string; signature: string },
): Promise<SignatureVerdict> {
  const signer = signerOf(message, signature);
  if (signer === address) return 'account';
  if ((await chain.codeOf(address)) !== '0x')
    return (await contractAgrees(chain, address, message, signature)) ? 'contract' : 'invalid';
  if (signature.toLowerCase().endsWith(notDeployedEnd)) return 'not_deployed';
  return signer === null ? 'invalid' : 'other_signer';
}

/** Whose key signed, in lower case; null where it is no signature of a key. */
function signerOf(message: string, signature: string): Hex | null {
  try {
    return verifyMessage(message, signature).toLowerCase() as Hex;
  } catch {
    return null;
  }
}

async function contractAgrees(
  chain: Pick<ChainPort, 'call'>,
  address: Hex,
  message: string,
  signature: string,
): Promise<boolean> {
  const question = { to: address, data: isValidSignatureCall(hashMessage(message), signature), gas: gasMost };
  try {
    return (await chain.call(question)) === goodAnswer;
  } catch (error) {
    if (error instanceof CallReverted) return false;
    // Nodes have many words for a contract that ran out of gas, jumped nowhere or took too long, and the same ones for troubles of their
    // own. Who is to blame shows when the node answers another question, but never this one.
    await chain.call({ to: nobody, data: '0x', gas: gasMost });
    return chain.call(question).then(
      (answer) => answer === goodAnswer,
      () => false,
    );
  }
}

/** Encodes `isValidSignature(bytes32 hash, bytes signature)`. */
function isValidSignatureCall(hash: string, signature: string): Hex {
  const bytes = signature.slice(2).toLowerCase();
  const words = Math.ceil(bytes.length / 64);
  const length = (bytes.length / 2).toString(16).padStart(64, '0');
  return `0x${selector}${hash.slice(2)}${'40'.padStart(64, '0')}${length}${bytes.padEnd(words * 64, '0')}`;
}
