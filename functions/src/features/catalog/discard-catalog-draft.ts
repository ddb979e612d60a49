import { audit } from '../../platform/audit.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import { discardDraft, isDiscarded, readDraft } from '../../store/catalog-versions.ts';

const action = 'catalog.draft_discarded';

/** Throws a draft away; one that is gone already stays so. Throws `not_found`, and `catalog.not_a_draft` for a published version: that one stays for ever. */
export const discardCatalogDraft: Handler<'discardCatalogDraft'> = async (context, { version }) => {
  const { services, suffix, identity, role } = context;
  const now = services.clock.now();
  const requestId = idFromSuffix('request', suffix);
  const subject = `catalogue/${version}`;
  await services.db.transaction(async (tx) => {
    if (await isDiscarded(tx, version)) return;
    const { revision } = await readDraft(tx, version, 'lock');
    await discardDraft(tx, version);
    await audit(tx, { actor: identity.uid, role, action, subject, detail: { requestId, revision } }, now);
  });
  return { version };
};
