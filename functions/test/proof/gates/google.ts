import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The Firebase project of the gates' campaigns. */
export const PROJECT = 'dotm-gates';

/** A sign-in as Google keeps it. */
export interface Account {
  uid: string;
  email: string;
  emailVerified: boolean;
  disabled: boolean;
  /** Custom claims, as they stand in each token. */
  claims: Record<string, unknown>;
  /** Tokens of sign-ins before this were revoked; seconds since 1970. */
  validSince: number;
}

const KEY_ID = 'key-of-google';

/**
 * Stands for Google where the Admin SDK asks it: the keys that sign ID tokens and App Check tokens, the look-up of an account, and
 * Cloud Tasks. The SDK itself is the real one in production mode; only the wire ends here. `signingKey` is what nobody else has.
 */
export class GoogleStandIn {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #strangersKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #accounts = new Map<string, Account>();
  #server: Server | undefined;

  /** Listens on a free port of this machine and returns it. */
  async start(): Promise<number> {
    const server = createServer((req, res) => {
      void readBody(req).then((body) => {
        const { status, answer } = this.#answer(req.url ?? '', body);
        res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' });
        res.end(JSON.stringify(answer));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }

  /** Adds or changes an account. */
  put(account: Partial<Account> & { uid: string }): Account {
    const plain = {
      email: `${account.uid}@example.com`,
      emailVerified: true,
      disabled: false,
      claims: {},
      validSince: 1,
    };
    const stored = { ...plain, ...this.#accounts.get(account.uid), ...account };
    this.#accounts.set(account.uid, stored);
    return stored;
  }

  /** What stands in an ID token of the account that was signed `ageSeconds` ago. */
  claimsOf(uid: string, ageSeconds = 0): Record<string, unknown> {
    const account = this.#accounts.get(uid);
    const at = seconds() - ageSeconds;
    return {
      iss: `https://securetoken.google.com/${PROJECT}`,
      aud: PROJECT,
      sub: uid,
      user_id: uid,
      email: account?.email,
      email_verified: account?.emailVerified,
      auth_time: at,
      iat: at,
      exp: at + 3600,
      ...account?.claims,
    };
  }

  /** A token that Google signed. */
  token(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    return jwt({ alg: 'RS256', typ: 'JWT', kid: KEY_ID, ...header }, claims, this.#keys.privateKey);
  }

  /** The same token signed by somebody else, who names Google's key. */
  forgedToken(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    return jwt({ alg: 'RS256', typ: 'JWT', kid: KEY_ID, ...header }, claims, this.#strangersKeys.privateKey);
  }

  /** A token that says it needs no signature. */
  unsignedToken(claims: Record<string, unknown>): string {
    return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
  }

  /** A token signed with the public key as if it were a shared secret: the classic confusion of algorithms. */
  confusedToken(claims: Record<string, unknown>): string {
    const text = `${part({ alg: 'HS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
    return `${text}.${createHmac('sha256', this.#publicPem()).update(text).digest('base64url')}`;
  }

  /** What stands in an App Check token of a genuine app. */
  appClaims(): Record<string, unknown> {
    const at = seconds();
    return {
      iss: 'https://firebaseappcheck.googleapis.com/1234567890',
      aud: ['projects/1234567890', `projects/${PROJECT}`],
      sub: '1:1234567890:web:genuine',
      iat: at,
      exp: at + 3600,
    };
  }

  #appToken: string | undefined;

  /** The App Check token of a genuine app; made once, because a campaign needs it in each of its requests. */
  appToken(): string {
    return (this.#appToken ??= this.token(this.appClaims()));
  }

  #publicPem(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  #answer(url: string, body: string): { status: number; answer: unknown } {
    if (url.includes('securetoken@system')) return { status: 200, answer: { [KEY_ID]: this.#publicPem() } };
    if (url.endsWith('/v1/jwks')) {
      const jwk = this.#keys.publicKey.export({ format: 'jwk' });
      return { status: 200, answer: { keys: [{ ...jwk, kid: KEY_ID, alg: 'RS256', use: 'sig' }] } };
    }
    if (url.includes('accounts:lookup')) {
      const wanted = (JSON.parse(body) as { localId?: string[] }).localId ?? [];
      return { status: 200, answer: { users: wanted.flatMap((uid) => this.#lookup(uid)) } };
    }
    if (url.includes('/queues/')) return { status: 200, answer: { name: 'task' } };
    return { status: 404, answer: { error: { message: `the stand-in does not know ${url}` } } };
  }

  #lookup(uid: string): object[] {
    const account = this.#accounts.get(uid);
    if (!account) return [];
    const { email, emailVerified, disabled, validSince } = account;
    return [{ localId: uid, email, emailVerified, disabled, validSince: String(validSince) }];
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function jwt(header: Record<string, unknown>, claims: Record<string, unknown>, key: KeyObject): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
