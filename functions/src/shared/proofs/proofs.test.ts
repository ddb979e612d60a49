import { secp256k1 } from '@noble/curves/secp256k1.js';
import { computeAddress, TypedDataEncoder, verifyTypedData, Wallet } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, keccakOfText, toHex, type Hex } from './bytes.ts';
import { checkProof, checkStatement } from './check-proof.ts';
import { makeTree, toProof, type BalanceTree } from './make-proof.ts';
import { canonicalJson, FormError, readProofFile, readSignedStatement } from './proof-file.ts';
import type { ProofFile, RewardStatement } from './statement.ts';
import { depthOf, siblingsOf } from './sum-tree.ts';
import { recoverSigner, statementDigest, statementDomain, statementTypes, statementValues } from './typed-data.ts';

const key = keccakOfText('key of the operator in tests');
const signer = computeAddress(toHex(key)).toLowerCase() as Hex;

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
/** A member id that nobody has. */
function memberId(i: number): string {
  const tail = Array.from(keccakOfText(String(i)).subarray(0, 26), (byte) => letters[byte % 32]).join('');
  return `mem_${tail}`;
}

function treeOf(amounts: readonly (readonly [bigint, bigint, bigint])[]): BalanceTree {
  return makeTree(
    amounts.map(([pending, vested, reserved], i) => ({
      memberId: memberId(i),
      salt: keccakOfText(`salt ${i}`),
      pending,
      vested,
      reserved,
    })),
  );
}

function statementOf({ root, leaves, totals }: BalanceTree): RewardStatement {
  const supply = 1_000n * 10n ** 18n;
  const cap = 10_333_333n * 10n ** 18n;
  return {
    version: 1,
    date: '2026-11-23',
    takenAt: '2026-11-23T00:00:07Z',
    chainId: 31_337,
    token: `0x${'a1'.repeat(20)}`,
    distributor: `0x${'b2'.repeat(20)}`,
    block: { number: 1_234, hash: toHex(keccakOfText('block')) },
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
  // noble puts the recovery bit first; Ethereum puts it last, with 27 added.
  return toHex(Uint8Array.from([...bytes.subarray(1), (bytes[0] ?? 0) + 27]));
}

function fileOf(tree: BalanceTree, index: number): ProofFile {
  const statement = statementOf(tree);
  const leaf = tree.leaves[index];
  if (!leaf) throw new Error('no such leaf');
  const siblings = siblingsOf(tree.leaves, index, depthOf(tree.leaves.length));
  return { statement, signature: { signer, value: sign(statement) }, proof: toProof(leaf, index, siblings) };
}

function failures(text: string, member: string | null = null): string[] {
  try {
    return checkProof(readProofFile(text), member)
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ id, reason }) => `${id}: ${reason}`);
  } catch (error) {
    if (error instanceof FormError) return [`form: ${error.field}`];
    throw error;
  }
}

const amount = fc.bigInt({ min: 0n, max: 10n ** 22n });
const amounts = fc.array(fc.tuple(amount, amount, amount), { minLength: 1, maxLength: 40 });
const sample = treeOf([
  [2_066_000_000_000_000_000n, 0n, 0n],
  [0n, 10n ** 20n, 5n],
  [1n, 2n, 3n],
  [7n, 0n, 10n ** 18n],
  [0n, 103_300_000_000_000_000n, 0n],
]);

describe('a proof file', () => {
  it('of every member holds, and all members add up to the total', () => {
    fc.assert(
      fc.property(amounts, (all) => {
        const tree = treeOf(all);
        const total = all.flat().reduce((sum, part) => sum + part, 0n);
        expect(tree.root.sum).toBe(total);
        expect(tree.totals.pending + tree.totals.vested + tree.totals.reserved).toBe(total);
        if (tree.leaves.length === 0) return;
        const statement = statementOf(tree);
        const signature = { signer, value: sign(statement) };
        for (const [index, leaf] of tree.leaves.entries()) {
          const siblings = siblingsOf(tree.leaves, index, depthOf(tree.leaves.length));
          const file = { statement, signature, proof: toProof(leaf, index, siblings) };
          expect(failures(canonicalJson(file), leaf.memberId)).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('fails with any byte changed, taken out or put in', () => {
    const text = canonicalJson(fileOf(sample, 2));
    expect(failures(text)).toEqual([]);
    const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), printable, (at, other) => {
        if (text[at] !== other) expect(failures(text.slice(0, at) + other + text.slice(at + 1))).not.toEqual([]);
        expect(failures(text.slice(0, at) + text.slice(at + 1))).not.toEqual([]);
        expect(failures(text.slice(0, at) + other + text.slice(at))).not.toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it('is read again from white space that mail and editors add, and from nothing else', () => {
    const file = fileOf(sample, 1);
    expect(readProofFile(`\uFEFF${JSON.stringify(JSON.parse(canonicalJson(file)), null, 2)}\r\n`)).toEqual(file);
    const text = canonicalJson(file);
    expect(readProofFile(text.replaceAll(/(.{70})/g, '$1\n'))).toEqual(file);
    const refused = [
      text.replace('"index":', '"index":0,"index":'),
      text.replace('"statement":', '"note":"x","statement":'),
      text.replace('mem_', '\\u006dem_'),
      text.replace('"version":1', '"version":1.0'),
      text.replace('"version":1', '"version":2'),
      text.replace('2026-11-23T', '2026-11-24T'),
      text.replaceAll('2026-11-23', '2026-02-30'),
      text.replace('"date":"2026-11-23"', '"date":"2026-11-24"'),
      // Its seconds since 1970 would be below zero.
      text.replaceAll('2026-11-23', '1969-12-31'),
      text.replace(/"siblings":\[.*?\]/, `"siblings":[${'['.repeat(40_000)}${']'.repeat(40_000)}]`),
      JSON.stringify(file),
      '[]',
      'null',
      '',
      `${text}${text}`,
      ' '.repeat(10) + '['.repeat(60_000),
    ];
    for (const other of refused) expect(failures(other)[0], other.slice(0, 60)).toMatch(/^form: /);
  });

  it('says what is wrong: another member, a wrong total, room that is not there, a stranger who signed', () => {
    const file = fileOf(sample, 3);
    const { statement } = file;
    const signed = (change: Partial<RewardStatement>): string => {
      const changed = { ...statement, ...change };
      return canonicalJson({ ...file, statement: changed, signature: { signer, value: sign(changed) } });
    };
    const { totals } = statement;
    expect(failures(signed({}), memberId(99))).toEqual(['member: other']);
    const more = String(BigInt(totals.vested) + 1n);
    expect(failures(signed({ totals: { ...totals, vested: more } }))).toEqual(['sums: totals']);
    const owed = String(BigInt(totals.owed) + 1n);
    expect(failures(signed({ totals: { ...totals, vested: more, owed } }))).toEqual(['path: total']);
    expect(failures(signed({ mayStillBeMinted: '1' }))).toEqual(['sums: room', 'claim: too_much']);
    expect(failures(signed({ supply: statement.cap, mayStillBeMinted: '0' }))).toEqual(['claim: too_much']);
    expect(failures(signed({ leaves: 9 }))).toEqual(['path: depth']);
    const stranger = { ...file, signature: { signer: statement.token, value: file.signature.value } };
    expect(failures(canonicalJson(stranger))).toEqual(['signature: other']);
  });

  it('can be had as a statement alone, which says nothing about a member', () => {
    const { statement, signature } = fileOf(sample, 0);
    const text = canonicalJson({ statement, signature });
    const checks = checkStatement(readSignedStatement(text));
    expect(checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'form passed',
      'member not_checked',
      'sums passed',
      'path not_checked',
      'signature passed',
      'claim passed',
    ]);
    expect(() => readProofFile(text)).toThrow(FormError);
  });
});

describe('the signature of a statement', () => {
  it('is EIP-712 as other programs make and read it', async () => {
    fc.assert(
      fc.property(amounts, (all) => {
        const statement = statementOf(treeOf(all));
        const theirs = TypedDataEncoder.hash(statementDomain(statement), statementTypes, statementValues(statement));
        expect(toHex(statementDigest(statement))).toBe(theirs);
      }),
      { numRuns: 25 },
    );
    const statement = statementOf(sample);
    const parts = [statementDomain(statement), statementTypes, statementValues(statement)] as const;
    expect(verifyTypedData(...parts, sign(statement)).toLowerCase()).toBe(signer);
    const theirs = await new Wallet(toHex(key)).signTypedData(...parts);
    expect(recoverSigner(statementDigest(statement), theirs)).toBe(signer);
  });

  it('is refused in its second form, cut short, or with another last byte', () => {
    const digest = statementDigest(statementOf(sample));
    const bytes = fromHex(sign(statementOf(sample)));
    expect(recoverSigner(digest, toHex(bytes))).toBe(signer);
    const order = secp256k1.Point.Fn.ORDER;
    const high = order - BigInt(toHex(bytes.subarray(32, 64)));
    const v = (bytes[64] ?? 0) === 27 ? '1c' : '1b';
    const twin = `${toHex(bytes.subarray(0, 32))}${high.toString(16).padStart(64, '0')}${v}`;
    expect(recoverSigner(digest, twin)).toBeNull();
    expect(recoverSigner(digest, toHex(bytes.subarray(0, 64)))).toBeNull();
    expect(recoverSigner(digest, toHex(Uint8Array.from([...bytes.subarray(0, 64), 0])))).toBeNull();
    expect(recoverSigner(digest, `0x${'00'.repeat(65)}`)).toBeNull();
    expect(recoverSigner(digest, `0x${'ff'.repeat(64)}1b`)).toBeNull();
    expect(recoverSigner(digest, 'nothing')).toBeNull();
  });
});

describe('many members', () => {
  it('are put into a tree in a time that grows with their number, and each proof stays short', () => {
    const balances = Array.from({ length: 20_000 }, (_, i) => ({
      memberId: memberId(i),
      salt: keccakOfText(`salt ${i}`),
      pending: BigInt(i + 1),
      vested: 0n,
      reserved: 0n,
    }));
    // Of this thread alone: the wall clock of a busy machine says nothing. A second and a half where it was measured.
    const start = process.threadCpuUsage();
    const tree = makeTree(balances);
    const { user } = process.threadCpuUsage(start);
    expect(tree.root.sum).toBe(200_010_000n);
    expect(user / 1e6).toBeLessThan(8);
    const file = fileOf(tree, 19_999);
    expect(file.proof.siblings).toHaveLength(15);
    expect(failures(canonicalJson(file))).toEqual([]);
  });
});
