import { expect, test } from 'vitest';
import { personNames } from './person-names.ts';

test.each([
  [null, 'DOTM', 'Member'],
  ['', 'DOTM', 'Member'],
  ['  ', 'DOTM', 'Member'],
  ['Ann', 'Ann', 'Member'],
  ['Ann Lee', 'Ann', 'Lee'],
  ['  Ann   van der\tBerg ', 'Ann', 'van der Berg'],
  ['李 小龍', '李', '小龍'],
])('%j becomes %s and %s', (displayName, firstName, lastName) => {
  expect(personNames(displayName)).toEqual({ firstName, lastName });
});

test('a name of any length is cut to 50 characters, never through the middle of one', () => {
  const { firstName, lastName } = personNames(`${'𝒜'.repeat(80)} ${'b'.repeat(80)}`);
  expect([...firstName]).toHaveLength(50);
  expect(firstName).toBe('𝒜'.repeat(50));
  expect(lastName).toHaveLength(50);
});
