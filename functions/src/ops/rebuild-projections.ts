import { rebuildProjections } from '../features/projections/rebuild-projections.ts';
import { services } from '../platform/container.ts';

// Run as `node functions/src/ops/rebuild-projections.ts` with DATABASE_URL and either FIRESTORE_EMULATOR_HOST and GCLOUD_PROJECT or
// Google credentials in the environment.
if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: name the database to project');
try {
  const { members } = await rebuildProjections(services());
  process.stdout.write(
    `rebuilt the projections of the catalogue and ${members} ${members === 1 ? 'member' : 'members'}\n`,
  );
} finally {
  await services().db.end();
}
