import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, fromHex, keccak, keccakOfText, toHex, toWord, type Hex } from './bytes.ts';
import type { RewardStatement } from './statement.ts';

// EIP-712: what is signed is no bytes of a file but named and typed fields, so that a wallet can show them, and so that nothing else that
// this key ever signs (a transaction, a permit) can be taken for a statement.

/** Fields of the signed struct, in the order in which they are hashed. */
export const statementTypes = {
  RewardStatement: [
    { name: 'date', type: 'string' },
    { name: 'takenAt', type: 'uint256' },
    { name: 'token', type: 'address' },
    { name: 'blockNumber', type: 'uint256' },
    { name: 'blockHash', type: 'bytes32' },
    { name: 'supply', type: 'uint256' },
    { name: 'cap', type: 'uint256' },
    { name: 'root', type: 'bytes32' },
    { name: 'leaves', type: 'uint256' },
    { name: 'pending', type: 'uint256' },
    { name: 'vested', type: 'uint256' },
    { name: 'reserved', type: 'uint256' },
    { name: 'owed', type: 'uint256' },
    { name: 'mayStillBeMinted', type: 'uint256' },
  ],
};

const domainName = 'DOTM statement of rewards owed';

/** The domain that a signature is for: our statement, its version, the chain and the distributor. */
export function statementDomain(statement: RewardStatement) {
  return {
    name: domainName,
    version: String(statement.version),
    chainId: statement.chainId,
    verifyingContract: statement.distributor,
  };
}

/** The values of the signed struct, in the form that wallets and signers take: whole numbers as decimal digits. */
export function statementValues(statement: RewardStatement) {
  const { date, takenAt, token, block, supply, cap, root, leaves, totals, mayStillBeMinted } = statement;
  return {
    date,
    takenAt: String(Date.parse(takenAt) / 1000),
    token,
    blockNumber: String(block.number),
    blockHash: block.hash,
    supply,
    cap,
    root,
    leaves: String(leaves),
    pending: totals.pending,
    vested: totals.vested,
    reserved: totals.reserved,
    owed: totals.owed,
    mayStillBeMinted,
  };
}

function addressWord(address: string): Uint8Array {
  return concat(new Uint8Array(12), fromHex(address));
}

const fieldText = statementTypes.RewardStatement.map(({ name, type }) => `${type} ${name}`).join(',');
const statementType = keccakOfText(`RewardStatement(${fieldText})`);
const domainType = keccakOfText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)');

/** The 32 bytes that are signed for a statement. */
export function statementDigest(statement: RewardStatement): Uint8Array {
  const domain = statementDomain(statement);
  const values = statementValues(statement);
  const domainHash = keccak(
    concat(
      domainType,
      keccakOfText(domain.name),
      keccakOfText(domain.version),
      toWord(BigInt(domain.chainId)),
      addressWord(domain.verifyingContract),
    ),
  );
  const structHash = keccak(
    concat(
      statementType,
      keccakOfText(values.date),
      toWord(BigInt(values.takenAt)),
      addressWord(values.token),
      toWord(BigInt(values.blockNumber)),
      fromHex(values.blockHash),
      toWord(BigInt(values.supply)),
      toWord(BigInt(values.cap)),
      fromHex(values.root),
      ...[values.leaves, values.pending, values.vested, values.reserved, values.owed, values.mayStillBeMinted].map(
        (value) => toWord(BigInt(value)),
      ),
    ),
  );
  return keccak(concat(Uint8Array.of(0x19, 0x01), domainHash, structHash));
}

/**
 * The address whose key made this signature over `digest`, null when it is no signature: another length than 65 bytes, a last byte other
 * than 27 or 28, or the second of the two signatures that a key has for everything (high s), which nobody needs to accept.
 */
export function recoverSigner(digest: Uint8Array, signature: string): Hex | null {
  try {
    const bytes = fromHex(signature);
    const recovery = (bytes[64] ?? 0) - 27;
    if (bytes.length !== 65 || (recovery !== 0 && recovery !== 1)) return null;
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact');
    if (parsed.hasHighS()) return null;
    const point = parsed.addRecoveryBit(recovery).recoverPublicKey(digest);
    return toHex(keccak(point.toBytes(false).subarray(1)).subarray(12));
  } catch {
    // Numbers outside of the curve's range, or a point that does not exist.
    return null;
  }
}
