import { checkContent } from '../../domain/catalog/check-content.ts';
import { audit } from '../../platform/audit.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError, type FieldProblem } from '../../shared/errors.ts';
import { writePublished } from '../../store/catalog.ts';
import { readDraft, readLastPublished, readVersion, type Draft } from '../../store/catalog-versions.ts';
import { wasAudited } from '../../store/jobs.ts';
import { readSurroundings } from './surroundings.ts';

const action = 'catalog.published';

/**
 * Publishes a draft, from `effectiveAt` on or at once. Version, jobs and audit entry are one transaction; the lock on what is published
 * puts two operators in turn, and the second is told that what they compared with is no longer what sells. Throws `not_found`,
 * `catalog.not_a_draft`, `catalog.draft_changed` (the draft, or what it was compared with, is another by now), and `request.invalid`
 * with the fields that are wrong.
 */
export const publishCatalog: Handler<'publishCatalog'> = async (
  context,
  { version, revision, against, effectiveAt },
) => {
  const { services, suffix, identity, role } = context;
  const now = services.clock.now();
  const sellsFrom = effectiveAt === undefined ? now : new Date(effectiveAt);
  const requestId = idFromSuffix('request', suffix);
  const subject = `catalogue/${version}`;
  return services.db.transaction(async (tx) => {
    // A repetition whose first attempt died after its commit.
    if (await wasAudited(tx, action, subject, requestId)) return readVersion(tx, version, now);
    const draft = await readDraft(tx, version, 'lock');
    await assertSeen(tx, draft, { revision, against });
    const problems = checkContent(draft.content, await readSurroundings(tx, services));
    const fields: FieldProblem[] = problems.map(({ field, code }) => ({ field: `content.${field}`, problem: code }));
    if (sellsFrom < now) fields.push({ field: 'effectiveAt', problem: 'is past' });
    if (fields.length > 0) {
      throw new CodedError('request.invalid', `draft ${version} can't be published: ${fields[0]?.problem}`, {
        fields: fields.slice(0, 20),
      });
    }
    await writePublished(tx, version, draft.content, { by: identity.uid, effectiveAt: sellsFrom }, now);
    const job = { queue: 'payments', topic: 'catalog.sync', key: String(version), payload: { version } } as const;
    await addJob(tx, job, now);
    const detail = { requestId, revision, against, effectiveAt: sellsFrom.toISOString() };
    await audit(tx, { actor: identity.uid, role, action, subject, detail }, now);
    return readVersion(tx, version, now);
  });
};

async function assertSeen(tx: Tx, draft: Draft, seen: { revision: number; against: number }): Promise<void> {
  if (draft.revision !== seen.revision) {
    throw new CodedError(
      'catalog.draft_changed',
      `draft ${draft.version} is at revision ${draft.revision}, not ${seen.revision}: check it again`,
    );
  }
  const last = await readLastPublished(tx, 'lock');
  if (last === seen.against) return;
  throw new CodedError(
    'catalog.draft_changed',
    `version ${last} was published since draft ${draft.version} was compared with ${seen.against}: look at the changes again`,
  );
}
