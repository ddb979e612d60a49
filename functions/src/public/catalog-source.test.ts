import { describe, expect, it } from 'vitest';
import { publishedCatalog } from '../../test/support/mcp-server.ts';
import { catalogSource } from './catalog-source.ts';

/** A source that answers as it is told, and counts. */
function scene() {
  const state = { now: 0, asked: 0, answer: () => Response.json(publishedCatalog), troubles: 0 };
  const source = catalogSource({
    url: 'http://127.0.0.1/api/catalog',
    now: () => state.now,
    trouble: () => (state.troubles += 1),
    fetch: () => {
      state.asked += 1;
      return Promise.resolve().then(() => state.answer());
    },
  });
  return { state, source };
}

describe('the source of the catalogue', () => {
  it('asks once a minute, however many want it', async () => {
    const { state, source } = scene();
    const views = await Promise.all(Array.from({ length: 50 }, () => source.current()));
    expect(state.asked).toBe(1);
    // The same object: what is made of a catalogue can be kept with it.
    expect(new Set(views).size).toBe(1);
    state.now = 59_999;
    await source.current();
    expect(state.asked).toBe(1);
    state.now = 60_000;
    await source.current();
    expect(state.asked).toBe(2);
  });

  it('goes on with the last known catalogue while the source is down, and asks again after a pause', async () => {
    const { state, source } = scene();
    await source.current();
    state.answer = () => new Response('', { status: 503 });
    state.now = 60_000;
    expect(await source.current()).toEqual(publishedCatalog);
    expect(await source.current()).toEqual(publishedCatalog);
    expect([state.asked, state.troubles]).toEqual([2, 1]);
    state.now = 70_000;
    state.answer = () => Response.json({ ...publishedCatalog, version: 2 });
    expect((await source.current()).version).toBe(2);
  });

  it.each([
    ['nonsense', () => new Response('<html>')],
    ['another document', () => Response.json({ version: 'x' })],
    ['an error', () => Response.json({}, { status: 500 })],
  ])('takes %s for no catalogue', async (_what, answer) => {
    const { state, source } = scene();
    state.answer = answer;
    await expect(source.current()).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(state.troubles).toBe(1);
  });

  it('where it never had one, every caller has it asked for again', async () => {
    const { state, source } = scene();
    state.answer = () => new Response('', { status: 503 });
    await expect(source.current()).rejects.toThrow();
    state.answer = () => Response.json(publishedCatalog);
    expect(await source.current()).toEqual(publishedCatalog);
  });
});
