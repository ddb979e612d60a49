import { expect, it } from 'vitest';
import { devPorts, portsAt, testPorts } from './ports.ts';

it('a running npm start and npm test never share a port', () => {
  const shared = Object.values(testPorts).filter((port) => Object.values(devPorts).includes(port));
  expect(shared).toEqual([]);
});

it('no two parts of one world share a port', () => {
  expect(new Set(Object.values(devPorts)).size).toBe(Object.keys(devPorts).length);
});

it('a world moved past the last port is refused', () => {
  expect(() => portsAt(20_000)).toThrow(RangeError);
});
