import type { Role } from '../../src/shared/operation.ts';
import type { Users, VerifiedToken } from '../../src/platform/users.ts';

/** A person in the test's identity provider. */
export interface TestPerson {
  uid: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  role: Role | null;
}

/** Sign-ins in memory. Tokens are only good here; the real Firebase Auth is met in the browser tests. */
export interface RecordedUsers extends Users {
  /** Adds or changes a person; what is left out stays, or is a plain default for somebody new. */
  put(person: Partial<TestPerson> & { uid: string }): TestPerson;
  find(uid: string): TestPerson | undefined;
  /** An ID token of the person, signed in at `authenticatedAt` (now when left out). Good until the person is removed. */
  tokenOf(uid: string, authenticatedAt?: Date): string;
}

/** Makes the identity provider of integration tests. `now` is the clock that sign-ins are dated by. */
export function recordUsers(now: () => Date): RecordedUsers {
  const people = new Map<string, TestPerson>();
  const tokens = new Map<string, { uid: string; authenticatedAt: Date }>();
  return {
    put(person) {
      const plain = { email: `${person.uid}@example.com`, emailVerified: true, name: null, role: null };
      const stored: TestPerson = { ...plain, ...people.get(person.uid), ...person };
      people.set(person.uid, stored);
      return stored;
    },
    find: (uid) => people.get(uid),
    tokenOf(uid, authenticatedAt = now()) {
      const token = `token-${String(tokens.size)}-${uid}`;
      tokens.set(token, { uid, authenticatedAt });
      return token;
    },
    async verifyToken(idToken): Promise<VerifiedToken> {
      const token = tokens.get(idToken);
      const person = token && people.get(token.uid);
      if (!person) throw new Error('the token is forged, or its user is gone');
      return { ...person, authenticatedAt: token.authenticatedAt };
    },
    async verifyAppCheck() {
      throw new Error('there is no App Check in integration tests');
    },
    async setRole(uid, role) {
      const person = people.get(uid);
      if (!person) throw new Error('no such user');
      people.set(uid, { ...person, role });
    },
    async findByEmail(email) {
      const found = [...people.values()].find((person) => person.email?.toLowerCase() === email.toLowerCase());
      return found ? { uid: found.uid } : null;
    },
    async remove(uid) {
      people.delete(uid);
    },
  };
}
