import { expect, it } from 'vitest';
import { callerOf } from './client-address.ts';

const caller = (headers: Record<string, string>, socket?: string) => callerOf((name) => headers[name], socket);

it('the client is whom the CDN saw, the hop who spoke with Google’s front end', () => {
  const headers = { 'fastly-client-ip': '203.0.113.7', 'x-forwarded-for': '203.0.113.7, 151.101.2.3' };
  expect(caller(headers)).toEqual({ client: '203.0.113.7', hop: '151.101.2.3' });
});

it('without a CDN both are who spoke with the front end, whatever a client claims before it', () => {
  expect(caller({ 'x-forwarded-for': 'made-up, 198.51.100.9' })).toEqual({
    client: '198.51.100.9',
    hop: '198.51.100.9',
  });
});

it('without a front end it is the other end of the connection', () => {
  expect(caller({}, '127.0.0.1')).toEqual({ client: '127.0.0.1', hop: '127.0.0.1' });
  expect(caller({})).toEqual({ client: '', hop: '' });
});

it('a whole IPv6 network of one customer is one client, however its addresses are written', () => {
  const client = (address: string): string => caller({ 'fastly-client-ip': address }).client;
  expect(client('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(client('2001:db8:1:2::9')).toBe('2001:db8:1:2');
  expect(client('2001:db8::1')).toBe('2001:db8:0:0');
  expect(client('::1')).toBe('0:0:0:0');
});
