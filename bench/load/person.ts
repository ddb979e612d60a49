import { randomUUID } from 'node:crypto';

/** Somebody with a sign-in; the account with us is made at the first call. */
export interface Person {
  readonly uid: string;
  readonly token: string;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Makes a person with an ID token as the Auth emulator gives out: all claims, no signature. */
export function newPerson(project: string): Person {
  const uid = `load-${randomUUID()}`;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://securetoken.google.com/${project}`,
    aud: project,
    sub: uid,
    user_id: uid,
    auth_time: now,
    iat: now,
    exp: now + 3600,
    email: `${uid}@load.example`,
    email_verified: true,
    firebase: { identities: { email: [`${uid}@load.example`] }, sign_in_provider: 'password' },
  };
  return { uid, token: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.` };
}
