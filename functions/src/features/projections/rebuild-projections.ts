import type { Services } from '../../platform/container.ts';
import { getMember, listMemberIds } from '../../store/members.ts';
import { catalogPath, writeCatalog } from './write-catalog.ts';
import { writeMember } from './write-member.ts';
import { writeVoice } from './write-voice.ts';

/** Members at a time: Postgres reads one page while Firestore is written. */
const pageSize = 200;

/**
 * Makes every projection again from Postgres, also where Firestore shows a later revision (a database that was restored from a
 * backup): each document goes and comes back within moments. Safe to run while the platform works. Returns how many members there are.
 */
export async function rebuildProjections(services: Services): Promise<{ members: number }> {
  const documents = await services.documents();
  await documents.deleteTree(catalogPath);
  await writeCatalog(services);
  let members = 0;
  for (let after = ''; ;) {
    const ids = await listMemberIds(services.db, after, pageSize);
    const last = ids.at(-1);
    if (last === undefined) return { members };
    for (const id of ids) {
      const { uid } = await getMember(services.db, id);
      if (uid === null) continue;
      await documents.deleteTree(`members/${uid}`);
      await writeMember(services, id);
      await writeVoice(services, id);
      members += 1;
    }
    after = last;
  }
}
