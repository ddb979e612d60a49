import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, keccak, keccakOfText, toHex, type Hex } from '../functions/src/shared/proofs/bytes.ts';
import { makeTree, toProof, type BalanceTree } from '../functions/src/shared/proofs/make-proof.ts';
import { canonicalJson } from '../functions/src/shared/proofs/proof-file.ts';
import type { ProofFile, RewardStatement } from '../functions/src/shared/proofs/statement.ts';
import { depthOf, emptyNode, siblingsOf } from '../functions/src/shared/proofs/sum-tree.ts';
import { statementDigest } from '../functions/src/shared/proofs/typed-data.ts';

/** Test vectors for whoever writes another verifier: file name -> content. Described in docs/proof.md. */
export const vectorFolder = path.resolve(import.meta.dirname, 'vectors');

/** The key that signs the vectors: keccak256 of a text that anybody can read, and hence worth nothing. */
const key = keccakOfText('DOTM test vectors');
const signer = toHex(keccak(secp256k1.getPublicKey(key, false).subarray(1)).subarray(12));

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

function memberId(i: number): string {
  const tail = Array.from(keccakOfText(`member ${String(i)}`).subarray(0, 26), (byte) => letters[byte % 32]).join('');
  return `mem_${tail}`;
}

function treeOf(members: number): BalanceTree {
  return makeTree(
    Array.from({ length: members }, (_, i) => ({
      memberId: memberId(i),
      salt: keccakOfText(`salt ${String(i)}`),
      pending: BigInt(i) * 1_033n * 10n ** 12n,
      vested: BigInt(i + 1) * 10n ** 18n,
      reserved: i % 3 === 0 ? 5n : 0n,
    })),
  );
}

function statementOf(tree: BalanceTree): RewardStatement {
  const { root, leaves, totals } = tree;
  const cap = 10_333_333n * 10n ** 18n;
  const supply = 12_345n * 10n ** 18n;
  return {
    version: 1,
    date: '2026-11-23',
    takenAt: '2026-11-23T00:00:07Z',
    chainId: 11_155_111,
    token: toHex(keccakOfText('token').subarray(12)),
    distributor: toHex(keccakOfText('distributor').subarray(12)),
    block: { number: 7_654_321, hash: toHex(keccakOfText('block')) },
    supply: String(supply),
    cap: String(cap),
    root: toHex(root.hash),
    leaves: leaves.length,
    totals: {
      pending: String(totals.pending),
      vested: String(totals.vested),
      reserved: String(totals.reserved),
      owed: String(root.sum),
    },
    mayStillBeMinted: String(cap - supply),
  };
}

function sign(statement: RewardStatement): Hex {
  const bytes = secp256k1.sign(statementDigest(statement), key, { prehash: false, format: 'recovered' });
  // The library puts the recovery bit first; Ethereum puts it last, with 27 added.
  return toHex(concat(bytes.subarray(1), Uint8Array.of((bytes[0] ?? 0) + 27)));
}

function proofFile(tree: BalanceTree, index: number): ProofFile {
  const statement = statementOf(tree);
  const leaf = tree.leaves[index];
  if (!leaf) throw new RangeError(`no leaf ${String(index)}`);
  const siblings = siblingsOf(tree.leaves, index, depthOf(tree.leaves.length));
  return { statement, signature: { signer, value: sign(statement) }, proof: toProof(leaf, index, siblings) };
}

function describeTree(members: number) {
  const { leaves, root } = treeOf(members);
  return {
    leaves: leaves.map(({ memberId: member, salt, pending, vested, reserved, hash, sum }) => ({
      ...{ member, salt: toHex(salt), pending: String(pending), vested: String(vested), reserved: String(reserved) },
      ...{ hash: toHex(hash), sum: String(sum) },
    })),
    root: toHex(root.hash),
    sum: String(root.sum),
  };
}

/** Makes all vectors. The same code always makes the same. */
export function makeVectors(): Record<string, string> {
  const file = proofFile(treeOf(5), 4);
  const { statement, signature } = file;
  const digest = toHex(statementDigest(statement));
  const trees = { empty: toHex(emptyNode.hash), trees: [1, 2, 3, 5, 8].map(describeTree) };
  const more = {
    ...file,
    proof: { ...file.proof, leaf: { ...file.proof.leaf, vested: `${file.proof.leaf.vested}0` } },
  };
  const raised = { ...file, statement: { ...statement, mayStillBeMinted: statement.cap, supply: '0' } };
  return {
    'trees.json': `${JSON.stringify(trees, null, 2)}\n`,
    'digest.json': `${JSON.stringify({ statement, digest, ...signature }, null, 2)}\n`,
    'proof.json': canonicalJson(file),
    'statement.json': canonicalJson({ statement, signature }),
    'wrong-balance.json': canonicalJson(more),
    'wrong-statement.json': canonicalJson(raised),
  };
}

// Run as `node verifier/make-vectors.ts` after a change that is meant to change bytes, which needs a new version of the statement.
if (import.meta.main) {
  await mkdir(vectorFolder, { recursive: true });
  for (const [name, text] of Object.entries(makeVectors())) await writeFile(path.join(vectorFolder, name), text);
}
