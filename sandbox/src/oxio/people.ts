import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Core } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { emailTaken, invalidParameters } from './errors.ts';
import { timestamp } from './formats.ts';
import type { endUserInput, groupInput } from './schemas.ts';

/** An end user as the stand-in keeps and answers it. Only `endUserId` and `email` are known to be read; the rest is assumed. */
export interface EndUser {
  endUserId: string;
  brandId: string;
  sex: string;
  firstName: string;
  lastName: string;
  email?: string;
  groupId?: string;
  createdTs: string;
}

/** A group as it is kept and, inside `{group}`, answered. */
export interface Group {
  groupId: string;
  brandId: string;
  name: string;
  groupType: string;
  status: 'GROUP_ACTIVE';
  groupExternalId?: string;
  description?: string;
  endUserId?: string;
  createdTs: string;
}

/** Finds an end user by id. */
export function getEndUser(core: Core, endUserId: string): EndUser | undefined {
  return core.store.get<EndUser>('oxio-end-user', endUserId);
}

/** Tells whether an end user has this e-mail, letter case ignored. */
export function isEmailKnown(core: Core, email: string): boolean {
  return core.store.count('oxio-end-user', { email: email.toLowerCase() }) > 0;
}

/** Makes an end user. Throws 6805 when the e-mail is known: answered so by one client [C], seen for lines [O]. */
export function createEndUser(core: Core, input: z.output<typeof endUserInput>): EndUser {
  if (input.email && isEmailKnown(core, input.email)) throw emailTaken();
  if (input.groupId && !core.store.get('oxio-group', input.groupId)) throw invalidParameters();
  const { sex, firstName, lastName, email, groupId } = input;
  const user: EndUser = {
    endUserId: randomUUID(),
    brandId: SANDBOX_CREDENTIALS.oxioBrandId,
    sex,
    firstName,
    lastName,
    ...(email ? { email } : {}),
    ...(groupId ? { groupId } : {}),
    createdTs: timestamp(core.clock.now()),
  };
  core.store.put('oxio-end-user', user.endUserId, user, email ? { email: email.toLowerCase() } : {});
  return user;
}

/**
 * Finds end users by e-mail. Assumed: the filter is advisory, so it matches a part of the address and callers have to compare
 * themselves; at most 100, oldest first.
 */
export function findEndUsers(core: Core, email: string | undefined): EndUser[] {
  const wanted = email?.toLowerCase() ?? '';
  const users = core.store.list<EndUser>('oxio-end-user');
  return users.filter((user) => (user.email ?? '').toLowerCase().includes(wanted)).slice(0, 100);
}

/** Makes a group. An end user who is named must exist. Groups are not deduplicated, not even by `groupExternalId`. */
export function createGroup(core: Core, input: z.output<typeof groupInput>): Group {
  if (input.endUserId && !getEndUser(core, input.endUserId)) throw invalidParameters();
  const { name, groupType, groupExternalId, description, endUserId } = input;
  const group: Group = {
    groupId: randomUUID(),
    brandId: SANDBOX_CREDENTIALS.oxioBrandId,
    name,
    groupType,
    status: 'GROUP_ACTIVE',
    ...(groupExternalId ? { groupExternalId } : {}),
    ...(description ? { description } : {}),
    ...(endUserId ? { endUserId } : {}),
    createdTs: timestamp(core.clock.now()),
  };
  core.store.put('oxio-group', group.groupId, group);
  return group;
}
