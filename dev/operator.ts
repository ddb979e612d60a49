import { PROJECT_ID } from './environment.ts';
import type { Ports } from './ports.ts';

/** The operator that every local world has. Works against the Auth emulator only. */
export const OPERATOR = {
  uid: 'operator',
  email: 'operator@dotm.example',
  password: 'operator-of-dotm',
  role: 'owner',
} as const;

/** Makes sure that the operator exists with its role. Safe to repeat; keeps a password that was changed. */
export async function ensureOperator(ports: Ports): Promise<void> {
  const created = await call(ports, 'accounts', {
    localId: OPERATOR.uid,
    email: OPERATOR.email,
    password: OPERATOR.password,
    emailVerified: true,
    displayName: 'Operator',
  });
  if (!created.ok) {
    const text = await created.text();
    if (!/DUPLICATE_LOCAL_ID|EMAIL_EXISTS/.test(text)) throw new Error(`the operator could not be created: ${text}`);
  }
  const updated = await call(ports, 'accounts:update', {
    localId: OPERATOR.uid,
    customAttributes: JSON.stringify({ role: OPERATOR.role }),
  });
  if (!updated.ok) throw new Error(`the operator's role could not be set: ${await updated.text()}`);
}

function call(ports: Ports, method: string, body: unknown): Promise<Response> {
  return fetch(
    `http://127.0.0.1:${String(ports.auth)}/identitytoolkit.googleapis.com/v1/projects/${PROJECT_ID}/${method}`,
    {
      method: 'POST',
      // The emulator's own administrator token.
      headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  );
}
