import { userInfo } from 'node:os';
import { grantRole } from '../features/accounts/grant-role.ts';
import { services } from '../platform/container.ts';
import { roles } from '../shared/operation.ts';

// Run as `node functions/src/ops/grant-role.ts owner person@example.com` (or `none` to take the role away) with DATABASE_URL and either
// FIREBASE_AUTH_EMULATOR_HOST and GCLOUD_PROJECT or Google credentials in the environment.
const [wanted, email] = process.argv.slice(2);
const role = roles.find((known) => known === wanted) ?? null;
if (email === undefined || (role === null && wanted !== 'none')) {
  process.stderr.write(`usage: grant-role.ts <${[...roles, 'none'].join('|')}> <e-mail address>\n`);
  process.exit(2);
}
if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: the grant is audited there');
try {
  await grantRole(services(), { email, role, grantedBy: `command:${userInfo().username}` });
  process.stdout.write(
    role === null ? 'the role was taken away\n' : `granted ${role}; it works from the next sign-in on\n`,
  );
} finally {
  await services().db.end();
}
