import {
  forms,
  isDay,
  type InclusionProof,
  type ProofFile,
  type ProofStep,
  type RewardStatement,
  type SignedStatement,
  type StatementSignature,
} from './statement.ts';
import type { Hex } from './bytes.ts';

/** A file that is no proof. `field` says where it stops being one; empty for the whole. */
export class FormError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(field === '' ? message : `${field}: ${message}`);
    this.name = 'FormError';
    this.field = field;
  }
}

/** Most characters of a file: 32 steps of two long numbers are below a tenth of it. */
const maxLength = 100_000;

/**
 * Writes a value as canonical JSON (RFC 8785): keys in order, no white space. Our texts are plain ASCII and our numbers whole, so that
 * the general rules come down to this. The same content always has the same bytes.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}

/**
 * Reads a proof file. White space anywhere is forgiven, because mail and editors add it; everything else must be exactly canonical: no
 * unknown, missing or repeated field, no other order, no other way to write a character. So two people who read the same file
 * can't see two different things. Throws FormError.
 */
export function readProofFile(text: string): ProofFile {
  return readCanonical(text, ['proof', 'signature', 'statement'], (fields) => ({
    statement: readStatement(fields['statement']),
    signature: readSignature(fields['signature']),
    proof: readProof(fields['proof']),
  }));
}

/** Reads a signed statement without a member's proof, as anybody may download it. Throws FormError as `readProofFile` does. */
export function readSignedStatement(text: string): SignedStatement {
  return readCanonical(text, ['signature', 'statement'], (fields) => ({
    statement: readStatement(fields['statement']),
    signature: readSignature(fields['signature']),
  }));
}

/** What was read is written again and held against the file, never the file's own JSON: that may be nested deeper than a program can follow. */
function readCanonical<T>(
  text: string,
  names: readonly string[],
  readFields: (fields: Record<string, unknown>) => T,
): T {
  const dense = text.replaceAll(/[\s\uFEFF]+/g, '');
  if (dense.length > maxLength) throw new FormError('', 'the file is too long for a proof');
  let value: unknown;
  try {
    value = JSON.parse(dense);
  } catch {
    throw new FormError('', 'the file is no JSON');
  }
  const file = readFields(readObject('', value, names));
  if (canonicalJson(file) !== dense) {
    throw new FormError('', 'fields are repeated, out of order or written in another way than canonical JSON');
  }
  return file;
}

function readObject(field: string, value: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormError(field, 'is no object');
  const found = Object.keys(value);
  const inside = (name: string) => (field === '' ? name : `${field}.${name}`);
  for (const name of names) if (!found.includes(name)) throw new FormError(inside(name), 'is missing');
  for (const name of found) {
    if (!names.includes(name)) throw new FormError(inside(name.slice(0, 40)), 'is no field of a proof');
  }
  return value as Record<string, unknown>;
}

function readText(field: string, value: unknown, form: RegExp): string {
  if (typeof value !== 'string' || !form.test(value)) throw new FormError(field, 'has not the form that it must have');
  return value;
}

function readHex(field: string, value: unknown, form: RegExp): Hex {
  return readText(field, value, form) as Hex;
}

function readCount(field: string, value: unknown, least: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw new FormError(field, `is no whole number from ${least}`);
  }
  return value;
}

const statementFields = [
  ...['version', 'date', 'takenAt', 'chainId', 'token', 'distributor', 'block', 'supply', 'cap', 'root', 'leaves'],
  ...['totals', 'mayStillBeMinted'],
];

function readStatement(value: unknown): RewardStatement {
  const s = readObject('statement', value, statementFields);
  const block = readObject('statement.block', s['block'], ['number', 'hash']);
  const totals = readObject('statement.totals', s['totals'], ['pending', 'vested', 'reserved', 'owed']);
  if (s['version'] !== 1)
    throw new FormError('statement.version', 'is not 1, the only version that this program knows');
  const date = readText('statement.date', s['date'], forms.date);
  const takenAt = readText('statement.takenAt', s['takenAt'], forms.second);
  if (!isDay(date) || !takenAt.startsWith(date)) {
    throw new FormError('statement.takenAt', 'is no moment of the day of the statement');
  }
  return {
    version: 1,
    date,
    takenAt,
    chainId: readCount('statement.chainId', s['chainId'], 1),
    token: readHex('statement.token', s['token'], forms.address),
    distributor: readHex('statement.distributor', s['distributor'], forms.address),
    block: {
      number: readCount('statement.block.number', block['number'], 0),
      hash: readHex('statement.block.hash', block['hash'], forms.hash),
    },
    supply: readText('statement.supply', s['supply'], forms.wei),
    cap: readText('statement.cap', s['cap'], forms.wei),
    root: readHex('statement.root', s['root'], forms.hash),
    leaves: readCount('statement.leaves', s['leaves'], 0),
    totals: {
      pending: readText('statement.totals.pending', totals['pending'], forms.wei),
      vested: readText('statement.totals.vested', totals['vested'], forms.wei),
      reserved: readText('statement.totals.reserved', totals['reserved'], forms.wei),
      owed: readText('statement.totals.owed', totals['owed'], forms.wei),
    },
    mayStillBeMinted: readText('statement.mayStillBeMinted', s['mayStillBeMinted'], forms.wei),
  };
}

function readSignature(value: unknown): StatementSignature {
  const s = readObject('signature', value, ['signer', 'value']);
  return {
    signer: readHex('signature.signer', s['signer'], forms.address),
    value: readHex('signature.value', s['value'], forms.signature),
  };
}

function readProof(value: unknown): InclusionProof {
  const p = readObject('proof', value, ['leaf', 'index', 'siblings']);
  const leaf = readObject('proof.leaf', p['leaf'], ['member', 'salt', 'pending', 'vested', 'reserved']);
  const { siblings } = p;
  if (!Array.isArray(siblings) || siblings.length > 32)
    throw new FormError('proof.siblings', 'is no list of at most 32');
  return {
    leaf: {
      member: readText('proof.leaf.member', leaf['member'], forms.memberId),
      salt: readHex('proof.leaf.salt', leaf['salt'], forms.hash),
      pending: readText('proof.leaf.pending', leaf['pending'], forms.wei),
      vested: readText('proof.leaf.vested', leaf['vested'], forms.wei),
      reserved: readText('proof.leaf.reserved', leaf['reserved'], forms.wei),
    },
    index: readCount('proof.index', p['index'], 0),
    siblings: siblings.map((step: unknown, i) => readStep(`proof.siblings.${i}`, step)),
  };
}

function readStep(field: string, value: unknown): ProofStep {
  const step = readObject(field, value, ['hash', 'sum']);
  return {
    hash: readHex(`${field}.hash`, step['hash'], forms.hash),
    sum: readText(`${field}.sum`, step['sum'], forms.wei),
  };
}
