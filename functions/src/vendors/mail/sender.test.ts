import { describe, expect, it } from 'vitest';
import { messageIdOf, parseSender } from './sender.ts';

describe('parseSender', () => {
  it.each([
    ['DOTM <hello@dotm.example>', { name: 'DOTM', address: 'hello@dotm.example' }],
    ['"DOTM, your line" <hello@dotm.example>', { name: 'DOTM, your line', address: 'hello@dotm.example' }],
    ['hello@dotm.example', { name: '', address: 'hello@dotm.example' }],
    [' <hello@dotm.example> ', { name: '', address: 'hello@dotm.example' }],
  ])('reads %s', (from, expected) => {
    expect(parseSender(from)).toEqual(expected);
  });

  it.each(['', 'DOTM', 'hello@', 'hello@localhost', 'a@b.co, c@d.co', 'DOTM <a@b.co> <c@d.co>', 'a@b.co\nBcc: c@d.co'])(
    'refuses %j',
    (from) => {
      expect(() => parseSender(from)).toThrow('MAIL_FROM');
    },
  );
});

describe('messageIdOf', () => {
  it('is the same for every attempt at a mail', () => {
    expect(messageIdOf('mail_01', { name: 'DOTM', address: 'hello@dotm.example' })).toBe('<mail_01@dotm.example>');
  });
});
