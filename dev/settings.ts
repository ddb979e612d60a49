import path from 'node:path';
import { portsAt, TEST_PORT_OFFSET } from './ports.ts';
import type { Ports } from './ports.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Where a world keeps its state and which ports it uses. */
export interface WorldPlace {
  readonly stateDir: string;
  readonly ports: Ports;
}

/**
 * Returns the place of `npm start`, or with `test` the one of `npm test`. DOTM_PORT_OFFSET moves every port by a number and
 * gives the moved world a state folder of its own, so that several can run side by side.
 */
export function placeOf(kind: 'start' | 'test'): WorldPlace {
  const ports = portsAt(portOffset() + (kind === 'test' ? TEST_PORT_OFFSET : 0));
  return { stateDir: stateDirOf(kind), ports };
}

/** Returns the folder that keeps the state of `npm start` or `npm test`. */
export function stateDirOf(kind: 'start' | 'test'): string {
  const base = path.join(ROOT, kind === 'start' ? '.dotm' : '.dotm-test');
  const moved = portOffset();
  return moved === 0 ? base : path.join(base, `moved-${String(moved)}`);
}

function portOffset(): number {
  const text = process.env['DOTM_PORT_OFFSET'] ?? '0';
  const offset = Number(text);
  if (!Number.isInteger(offset)) throw new Error(`DOTM_PORT_OFFSET must be a whole number, got ${text}`);
  return offset;
}
