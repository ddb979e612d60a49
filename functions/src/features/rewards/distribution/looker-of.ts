import { payers } from '../../../shared/api/distribution.ts';
import type { Role } from '../../../shared/operation.ts';
import type { Looker } from './view-run.ts';

/** Who calls, as runs see them. */
export function lookerOf({ identity, role }: { identity: { uid: string }; role: Role }): Looker {
  return { uid: identity.uid, approves: payers.includes(role) };
}
