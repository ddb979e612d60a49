import { checkContent } from '../../domain/catalog/check-content.ts';
import { compareContent } from '../../domain/catalog/compare-content.ts';
import type { Handler } from '../../platform/operations.ts';
import { readContent, readDraft, readLastPublished } from '../../store/catalog-versions.ts';
import { readSurroundings } from './surroundings.ts';

/** Says what keeps a draft from being published, and what would change. Throws `not_found` and `catalog.not_a_draft`. */
export const checkCatalogDraft: Handler<'checkCatalogDraft'> = async ({ services }, { version }) => {
  const { db } = services;
  const { revision, content } = await readDraft(db, version);
  const against = await readLastPublished(db);
  return {
    revision,
    against,
    problems: checkContent(content, await readSurroundings(db, services)),
    changes: compareContent(await readContent(db, against), content),
  };
};
