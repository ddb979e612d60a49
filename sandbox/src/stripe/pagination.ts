import type { Stripe } from 'stripe';
import { resourceMissing } from './errors.ts';

interface Paging {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?:
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined;
}

/** Cuts one page out of `all` (newest first) as the API does: default 10, cursors by id, `has_more`. */
export function page<T extends { id: string; created?: number }>(
  all: T[],
  paging: Paging,
  url: string,
): Stripe.ApiList<T> {
  const limit = paging.limit ?? 10;
  const within = all.filter((item) => isWithin(item.created, paging.created));
  if (paging.ending_before !== undefined) {
    const before = within.slice(0, positionOf(within, paging.ending_before, 'ending_before'));
    return list(before.slice(-limit), before.length > limit, url);
  }
  const start =
    paging.starting_after === undefined ? 0 : positionOf(within, paging.starting_after, 'starting_after') + 1;
  return list(within.slice(start, start + limit), within.length > start + limit, url);
}

/** Wraps items as a list object. */
export function list<T>(data: T[], hasMore: boolean, url: string): Stripe.ApiList<T> {
  return { object: 'list', data, has_more: hasMore, url };
}

function positionOf(items: { id: string }[], id: string, param: string): number {
  const position = items.findIndex((item) => item.id === id);
  if (position < 0) throw resourceMissing('object', id, param);
  return position;
}

function isWithin(created: number | undefined, range: Paging['created']): boolean {
  if (!range || created === undefined) return true;
  const { gt, gte, lt, lte } = range;
  return !(
    (gt !== undefined && created <= gt) ||
    (gte !== undefined && created < gte) ||
    (lt !== undefined && created >= lt) ||
    (lte !== undefined && created > lte)
  );
}
