import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const rows = readFileSync(path.join(root, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  // Heads of the tables are no rows.
  .filter(([first]) => first !== 'threat' && first !== 'finding');

const threats = rows.filter((cells) => cells.length === 3);

describe('docs/security.md', () => {
  it('names for each threat what guards against it and what shows it', () => {
    expect(threats.length).toBeGreaterThan(10);
    for (const [threat = '', guard = '', shownBy = ''] of threats) {
      expect(guard, threat).not.toBe('');
      expect(shownBy, threat).toMatch(/`[^`]+`/);
    }
  });

  it.each(threats.map(([threat, , shownBy]) => [threat, shownBy] as const))(
    'what shows "%s" exists',
    (_threat, shownBy = '') => {
      for (const [, file = ''] of shownBy.matchAll(/`([^`]+)`/g)) {
        expect(globSync(file, { cwd: root }), file).not.toEqual([]);
      }
    },
  );
});
