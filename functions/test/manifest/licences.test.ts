import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  license?: string;
  link?: boolean;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
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
const lookedAt: Record<string, string> = {
  limiter: 'MIT by its LICENSE.txt; its package.json names none',
};

/** Whether one of the choices of an expression such as `(MIT OR Apache-2.0)` is permissive, or all of a conjunction are. */
function isPermissive(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((one) => permissive.has(one.trim())));
}

const installed = Object.entries(packages).filter(
  ([where, one]) => where.includes('node_modules/') && one.link !== true,
);
const nameOf = (where: string): string => where.replace(/^.*node_modules\//, '');

/** Where Node finds package `name` from the folder `from`: the nearest node_modules on the way up. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/\/?[^/]+$/, '')) {
    const where = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[where]) return where;
    if (folder === '') return undefined;
  }
}

/** Everything that the backend and the web app need to run, as it is installed. Tools for development are no part of it. */
function reachableFrom(...workspaces: string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...workspaces];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const { dependencies, optionalDependencies, peerDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const where = resolve(from, name);
      if (where === undefined || found.has(where)) continue;
      found.add(where);
      waiting.push(where);
    }
  }
  return found;
}

const reached = reachableFrom('functions', 'hosting');
const delivered = installed.filter(([where]) => reached.has(where));

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
