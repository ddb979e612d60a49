import { audit } from '../../platform/audit.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import { findMadeDraft, insertDraft, readContent, readVersion } from '../../store/catalog-versions.ts';

/** Makes a draft that says what `fromVersion` says. A repetition finds the draft that the first attempt made. Throws `not_found`. */
export const createCatalogDraft: Handler<'createCatalogDraft'> = async (context, { fromVersion, note }) => {
  const { services, suffix, identity, role } = context;
  const now = services.clock.now();
  const requestId = idFromSuffix('request', suffix);
  return services.db.transaction(async (tx) => {
    const earlier = await findMadeDraft(tx, requestId);
    if (earlier !== null) return readVersion(tx, earlier, now);
    const content = await readContent(tx, fromVersion);
    const draft = { content, basedOn: fromVersion, by: identity.uid, requestId, note };
    const version = await insertDraft(tx, draft, now);
    const detail = { requestId, fromVersion };
    const subject = `catalogue/${version}`;
    await audit(tx, { actor: identity.uid, role, action: 'catalog.draft_created', subject, detail }, now);
    return readVersion(tx, version, now);
  });
};
