import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { source } from './bundle.ts';
import { deployed, deployedPublic, type DeployedFunction } from './deployed.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/runbooks/firebase-console.md'), 'utf8');

/** First cell -> the other cells, for every row of every table under this heading. */
function table(heading: string): Map<string, string[]> {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = rest.split('\n## ');
  const rows = [...section.matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)];
  return new Map(rows.map(([, name = '', cells = '']) => [name, cells.split('|').map((cell) => cell.trim())]));
}

/** How an operator's page writes what starts a function. */
function startedBy({ trigger, settings, name }: DeployedFunction): string {
  const kinds = {
    https: 'a request',
    callable: 'the apps',
    tasks: `queue ${name}`,
    schedule: String(settings['schedule']),
    event: 'Firebase Auth',
  };
  return kinds[trigger];
}

it('the page for operators names every deployed function, none besides, with what starts it and its memory', () => {
  const rows = table('Which function does what');
  const all = [...deployed.values(), ...deployedPublic.values()];
  expect([...rows.keys()].sort()).toEqual(all.map(({ name }) => name).sort());
  for (const each of all)
    expect([each.name, ...(rows.get(each.name) ?? []).slice(0, 2)]).toEqual([
      each.name,
      startedBy(each),
      `${String(each.availableMemoryMb)} MiB`,
    ]);
});

it('the page for operators explains every line of the log, none besides, with its severity', () => {
  const lines = [...source('platform/log.ts').matchAll(/write\(\s*([^']*'[A-Z]+'[^,]*), '([^']+)'/g)];
  const rows = table('What a line of the log means');
  expect(lines.length).toBeGreaterThan(15);
  expect([...rows.keys()].sort()).toEqual(lines.map(([, , event = '']) => event).sort());
  for (const [, severities = '', event = ''] of lines) {
    const known = [...severities.matchAll(/'([A-Z]+)'/g)].map(([, severity]) => severity);
    expect([event, rows.get(event)?.[0]]).toEqual([event, known.join(' or ')]);
  }
});
