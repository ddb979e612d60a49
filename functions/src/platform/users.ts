import { getAuth } from 'firebase-admin/auth';
import { getAppCheck } from 'firebase-admin/app-check';
import type { Role } from '../shared/operation.ts';
import { firebaseApp } from './firebase.ts';

/** What a verified ID token says. Identity is this and nothing else. */
export interface VerifiedToken {
  uid: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
  role: unknown;
  /** When the person last typed a password or clicked a link; not when the token was refreshed. */
  authenticatedAt: Date;
}

/** The identity provider in our words. */
export interface Users {
  /** Throws for a token that is forged, expired, revoked, of another project or of a disabled user. */
  verifyToken(idToken: string): Promise<VerifiedToken>;
  /** Throws for a token that no genuine app of ours got. */
  verifyAppCheck(token: string): Promise<void>;
  setRole(uid: string, role: Role | null): Promise<void>;
  findByEmail(email: string): Promise<{ uid: string } | null>;
  /** Deletes the sign-in. Safe to repeat. */
  remove(uid: string): Promise<void>;
}

function isUserNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'auth/user-not-found';
}

/** Opens Firebase Auth. */
export function openUsers(): Users {
  const auth = getAuth(firebaseApp());
  return {
    async verifyToken(idToken) {
      // checkRevoked also refuses disabled and deleted users at once, not only when the token ends.
      const token = await auth.verifyIdToken(idToken, true);
      return {
        uid: token.uid,
        email: token.email ?? null,
        emailVerified: token.email_verified ?? false,
        name: typeof token['name'] === 'string' ? token['name'] : null,
        role: token['role'],
        authenticatedAt: new Date(token.auth_time * 1000),
      };
    },
    async verifyAppCheck(token) {
      await getAppCheck(firebaseApp()).verifyToken(token);
    },
    async setRole(uid, role) {
      await auth.setCustomUserClaims(uid, role === null ? {} : { role });
    },
    async findByEmail(email) {
      try {
        return { uid: (await auth.getUserByEmail(email)).uid };
      } catch (error) {
        if (isUserNotFound(error)) return null;
        throw error;
      }
    },
    async remove(uid) {
      try {
        await auth.deleteUser(uid);
      } catch (error) {
        if (!isUserNotFound(error)) throw error;
      }
    },
  };
}
