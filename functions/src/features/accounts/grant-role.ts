import { audit } from '../../platform/audit.ts';
import type { Services } from '../../platform/container.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Role } from '../../shared/operation.ts';

/**
 * Gives an operator role to the person who signs in with `email`, or takes it away (null). Works from the person's next token on: at
 * most an hour, at once after signing in again. Audited before and after, so that no grant is without its entry. Throws `not_found`.
 */
export async function grantRole(
  services: Services,
  grant: { email: string; role: Role | null; grantedBy: string },
): Promise<{ uid: string }> {
  const { db, clock } = services;
  const users = await services.users();
  const person = await users.findByEmail(grant.email);
  if (!person)
    throw new CodedError('not_found', 'nobody signs in with that e-mail address: sign up in the web app first');
  const note = async (action: string) => {
    const entry = { actor: grant.grantedBy, role: null, action, subject: person.uid, detail: { role: grant.role } };
    await audit(db, entry, clock.now());
  };
  await note('role.grant_begun');
  await users.setRole(person.uid, grant.role);
  await note('role.granted');
  return person;
}
