import type { VerifiedToken } from '../../platform/users.ts';
import { roles, type Role } from '../../shared/operation.ts';

/** The role that a token carries, null where it carries none that we know. */
export function roleOf(identity: VerifiedToken): Role | null {
  return roles.find((known) => known === identity.role) ?? null;
}
