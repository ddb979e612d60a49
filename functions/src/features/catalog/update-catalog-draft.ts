import { isDeepStrictEqual } from 'node:util';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { readDraft, readVersion, writeDraft } from '../../store/catalog-versions.ts';

/**
 * Replaces what a draft says. It may be unfinished: `checkCatalogDraft` tells what is missing. Throws `not_found`, `catalog.not_a_draft`,
 * and `catalog.draft_changed` when it is no longer the revision that the caller has seen.
 */
export const updateCatalogDraft: Handler<'updateCatalogDraft'> = async ({ services }, change) => {
  const { version, revision, content, note } = change;
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const draft = await readDraft(tx, version, 'lock');
    if (draft.revision === revision) await writeDraft(tx, version, content, note);
    // The first attempt of this very change may have died after its commit.
    else if (draft.revision !== revision + 1 || !isDeepStrictEqual(draft.content, content)) {
      throw new CodedError(
        'catalog.draft_changed',
        `draft ${version} is at revision ${draft.revision}, not ${revision}: read it again`,
      );
    }
    return readVersion(tx, version, now);
  });
};
