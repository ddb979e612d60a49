import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LaunchRecord } from './verifications.ts';

/** Reads `deployments/<network>.json`. Throws when the contracts were not launched there. */
export function readLaunchRecord(network: string): LaunchRecord {
  const file = path.resolve(import.meta.dirname, `../deployments/${network}.json`);
  if (!existsSync(file)) throw new Error(`the contracts were not launched on ${network}: ${file} does not exist`);
  return JSON.parse(readFileSync(file, 'utf8')) as LaunchRecord;
}
