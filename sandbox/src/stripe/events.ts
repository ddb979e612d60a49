import { z } from 'zod';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';

/** `GET /v1/events…`: what happened, newest first; for catching up after a missed webhook. */
export const eventEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/events',
    z.strictObject({
      ...paging,
      created: range.optional(),
      type: text.optional(),
      types: z.array(text).max(20).optional(),
    }),
    (world, input) => {
      const wanted = input.types ?? (input.type ? [input.type] : null);
      // Types may end in a star: `charge.*`.
      const matches = (type: string) =>
        !wanted || wanted.some((want) => (want.endsWith('*') ? type.startsWith(want.slice(0, -1)) : type === want));
      return page(
        world.tables.events.list().filter((event) => matches(event.type)),
        input,
        '/v1/events',
      );
    },
  ),
  endpoint('GET', '/v1/events/:id', z.strictObject(common), (world, _input, id) => world.tables.events.require(id)),
];
