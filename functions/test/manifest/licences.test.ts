import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  integrity?: string;
  resolved?: string;
}

const root = path.resolve(import.meta.dirname, '../../..');
const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Licences that ask no more than to be named: code under them may be part of a closed product. */
const permissive = new Set([
  ...[
    'MIT',
    'ISC',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'CC0-1.0',
    'Unlicense',
    'BlueOak-1.0.0',
    'Python-2.0',
  ],
  ...['MIT-0', 'Zlib', 'Unicode-3.0', 'PostgreSQL'],
]);

/** What names its licence otherwise than by an identifier, or has another one, with what a person found on looking at it. */
const lookedAt: Record<string, string> = {};

/** Whether one of the choices of an expression such as `(MIT OR Apache-2.0)` is permissive, or all of a conjunction are. */
function isPermissive(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((one) => permissive.has(one.trim())));
}

/** Names of the installed packages that are part of what is delivered; our own workspaces are no dependency. */
const installed = Object.entries(packages).filter(
  ([where, one]) => where.includes('node_modules/') && one.link !== true,
);
const delivered = installed.filter(([, one]) => one.dev !== true && one.devOptional !== true);
const nameOf = (where: string): string => where.replace(/^.*node_modules\//, '');

describe('dependencies', () => {
  it('what is delivered is under licences that a closed product may use', () => {
    const others = delivered
      .filter(([where, one]) => !isPermissive(one.license ?? 'none') && !(nameOf(where) in lookedAt))
      .map(([where, one]) => `${nameOf(where)}: ${one.license ?? 'none'}`);
    expect(others).toEqual([]);
    expect(delivered.length).toBeGreaterThan(100);
  });

  it('every package is pinned to its content', () => {
    const loose = installed.filter(([, one]) => !one.integrity?.startsWith('sha512-')).map(([where]) => where);
    expect(loose).toEqual([]);
  });

  it('what was looked at is still there', () => {
    const names = new Set(delivered.map(([where]) => nameOf(where)));
    expect(Object.keys(lookedAt).filter((name) => !names.has(name))).toEqual([]);
  });
});
