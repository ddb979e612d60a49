import type { ErrorCode } from '../../../src/shared/errors.ts';
import { roles, type Operation, type Role } from '../../../src/shared/operation.ts';
import type { GoogleStandIn } from './google.ts';

/** Uids of the people of the table. `owner` owns what is asked for. */
export interface People {
  owner: string;
  other: string;
  unverified: string;
  disabled: string;
  operators: Record<Role, string>;
}

/** Who a caller is, as the declarations of operations see it. */
type Standing =
  | { kind: 'refused'; code: 'auth.required' | 'auth.app_check_failed' }
  | { kind: 'anonymous' }
  | { kind: 'member'; owns: boolean; verified: boolean }
  | { kind: 'operator'; role: Role };

/** One column of the table: what the caller sends, and what that makes them. */
export interface Identity {
  name: string;
  standing: Standing;
  headers(google: GoogleStandIn, people: People): Record<string, string>;
}

const genuine = (google: GoogleStandIn) => ({ 'x-firebase-appcheck': google.appToken() });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Somebody whose token is good. */
function signedIn(name: string, standing: Standing, uid: (people: People) => string): Identity {
  return {
    name,
    standing,
    headers: (google, people) => ({ ...genuine(google), ...bearer(google.token(google.claimsOf(uid(people)))) }),
  };
}

/** Somebody with a token that claims to be the owner of the data and of the platform, and must not be believed. */
function impostor(name: string, token: (google: GoogleStandIn, claims: Record<string, unknown>) => string): Identity {
  return {
    name,
    standing: { kind: 'refused', code: 'auth.required' },
    headers: (google, people) => ({
      ...genuine(google),
      ...bearer(token(google, { ...google.claimsOf(people.owner), role: 'owner' })),
    }),
  };
}

/** The owner of the data in a program that is not ours. */
function foreignApp(name: string, appToken: (google: GoogleStandIn) => string | undefined): Identity {
  return {
    name,
    standing: { kind: 'refused', code: 'auth.app_check_failed' },
    headers(google, people) {
      const token = appToken(google);
      return {
        ...bearer(google.token(google.claimsOf(people.owner))),
        ...(token === undefined ? {} : { 'x-firebase-appcheck': token }),
      };
    },
  };
}

/** Every kind of caller. */
export const identities: readonly Identity[] = [
  { name: 'nobody', standing: { kind: 'anonymous' }, headers: genuine },
  {
    name: 'a token in another scheme',
    standing: { kind: 'anonymous' },
    headers: (google) => ({
      ...genuine(google),
      authorization: `Basic ${Buffer.from('owner:owner').toString('base64')}`,
    }),
  },
  impostor('a token that is none', () => 'token'),
  impostor('a forged signature', (google, claims) => google.forgedToken(claims)),
  impostor('no signature', (google, claims) => google.unsignedToken(claims)),
  impostor('a signature by the public key', (google, claims) => google.confusedToken(claims)),
  impostor('a key that Google does not have', (google, claims) => google.token(claims, { kid: 'another' })),
  impostor('an expired token', (google, claims) => {
    const at = Number(claims['iat']) - 7200;
    return google.token({ ...claims, iat: at, auth_time: at, exp: at + 3600 });
  }),
  impostor("another project's token", (google, claims) =>
    google.token({ ...claims, aud: 'another-project', iss: 'https://securetoken.google.com/another-project' }),
  ),
  impostor('a token of another issuer', (google, claims) =>
    google.token({ ...claims, iss: 'https://accounts.google.com' }),
  ),
  impostor('a token for nobody', (google, claims) => google.token({ ...claims, sub: '', user_id: '' })),
  impostor('a token from before the sign-ins were revoked', (google, claims) =>
    google.token({ ...claims, auth_time: Number(claims['auth_time']) - 3000 }),
  ),
  impostor('a token of somebody whose sign-in is gone', (google, claims) =>
    google.token({ ...claims, sub: 'gone', user_id: 'gone' }),
  ),
  impostor('an App Check token in place of an ID token', (google) => google.token(google.appClaims())),
  {
    name: 'a disabled user who is an operator',
    standing: { kind: 'refused', code: 'auth.required' },
    headers: (google, people) => ({
      ...genuine(google),
      ...bearer(google.token({ ...google.claimsOf(people.disabled), role: 'owner' })),
    }),
  },
  foreignApp('the owner without App Check', () => undefined),
  foreignApp('the owner with a forged App Check token', (google) => google.forgedToken(google.appClaims())),
  foreignApp("the owner with another project's App Check token", (google) =>
    google.token({ ...google.appClaims(), aud: ['projects/another-project'] }),
  ),
  foreignApp('the owner with an expired App Check token', (google) => {
    const at = Number(google.appClaims()['iat']) - 7200;
    return google.token({ ...google.appClaims(), iat: at, exp: at + 3600 });
  }),
  signedIn('another member', { kind: 'member', owns: false, verified: true }, (people) => people.other),
  signedIn(
    'a member with an unverified address',
    { kind: 'member', owns: false, verified: false },
    (people) => people.unverified,
  ),
  {
    name: 'a member whose token names a role that there is not',
    standing: { kind: 'member', owns: false, verified: true },
    headers: (google, people) => ({
      ...genuine(google),
      ...bearer(google.token({ ...google.claimsOf(people.other), role: 'admin' })),
    }),
  },
  ...roles.map((role) =>
    signedIn(`an operator: ${role}`, { kind: 'operator', role }, (people) => people.operators[role]),
  ),
  signedIn('the owner', { kind: 'member', owns: true, verified: true }, (people) => people.owner),
];

/** What an operation's declaration promises to a caller: its output, or the error they are refused with. */
export function promised(operation: Operation, { standing }: Identity): 'output' | ErrorCode {
  if (standing.kind === 'refused') return standing.code;
  if (operation.access === 'public') return 'output';
  if (standing.kind === 'anonymous') return 'auth.required';
  if (typeof operation.access !== 'string') {
    return standing.kind === 'operator' && operation.access.includes(standing.role) ? 'output' : 'not_found';
  }
  const verified = standing.kind === 'operator' || standing.verified;
  if (operation.access === 'verified-member' && !verified) return 'auth.email_unverified';
  const namesBelongings = Object.keys(operation.input.shape).some((field) =>
    /^(?:(?:order|line|subscription|reward)Id|nonce)$/.test(field),
  );
  // Nobody names a proof: there is one where the caller is in the statement, and only the owner is.
  const asksForBelongings = namesBelongings || operation.name === 'getRewardProof';
  return asksForBelongings && !(standing.kind === 'member' && standing.owns) ? 'not_found' : 'output';
}
