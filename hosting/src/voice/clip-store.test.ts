import { expect, test } from 'vitest';
import { ClipFailure } from './clip-failure.ts';
import { ClipStore } from './clip-store.ts';
import type { ClipIndex } from './clip-store.ts';
import type { ClipAudio } from './message.ts';

function clip(name: string, personal = false): ClipAudio {
  return { id: name, url: `/api/welcome-audio/${name}`, personal };
}

/** A box of the Cache API, as far as the store uses it. */
class FakeBox {
  readonly held = new Map<string, Response>();
  full = false;

  match(url: string): Promise<Response | undefined> {
    return Promise.resolve(this.held.get(url)?.clone());
  }

  put(url: string, response: Response): Promise<void> {
    if (this.full) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
    this.held.set(url, response);
    return Promise.resolve();
  }

  delete(url: string): Promise<boolean> {
    return Promise.resolve(this.held.delete(url));
  }
}

interface Asked {
  url: string;
  token: string | null;
}

function makeStore(change: { caches?: null; maxBytes?: number } = {}) {
  const boxes = new Map<string, FakeBox>();
  const asked: Asked[] = [];
  const rig = {
    boxes,
    asked,
    index: {} as ClipIndex,
    nowMs: 0,
    answer: () => new Response(new Uint8Array(1000), { headers: { 'content-type': 'audio/mpeg' } }),
    online: true,
    box: (name: string) => {
      const box = boxes.get(name) ?? new FakeBox();
      boxes.set(name, box);
      return box;
    },
    open: () => new ClipStore(world),
  };
  const world = {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      asked.push({
        url: input instanceof Request ? input.url : input.toString(),
        token: new Headers(init?.headers).get('authorization'),
      });
      return new Promise<Response>((resolve) => resolve(rig.answer()));
    },
    openBox: (name: string) =>
      change.caches === null
        ? Promise.reject(new DOMException('private', 'SecurityError'))
        : Promise.resolve(rig.box(name) as unknown as Cache),
    credentials: () => Promise.resolve({ authorization: 'Bearer mine' }),
    online: () => rig.online,
    now: () => (rig.nowMs += 1),
    readIndex: () => rig.index,
    writeIndex: (index: ClipIndex) => void (rig.index = index),
    maxBytes: change.maxBytes ?? 10_000,
  };
  return rig;
}

test('a clip is fetched once, and after that it is on this device', async () => {
  const rig = makeStore();
  await Promise.all([rig.open().open(clip('a')), rig.open().open(clip('b'))]);
  expect(rig.asked).toHaveLength(2);
  const later = rig.open();
  expect((await later.open(clip('a'))).size).toBe(1000);
  expect(rig.asked).toHaveLength(2);
  expect(await later.areKept([clip('a'), clip('b')])).toBe(true);
  expect(await later.areKept([clip('a'), clip('c')])).toBe(false);
});

test('two who want the same clip at once share one download', async () => {
  const rig = makeStore();
  const store = rig.open();
  await Promise.all([store.open(clip('a')), store.open(clip('a'))]);
  expect(rig.asked).toHaveLength(1);
});

test('only personal clips carry the token, and they lie in a box of their own', async () => {
  const rig = makeStore();
  const store = rig.open();
  await store.open(clip('shared'));
  await store.open(clip('mine', true));
  expect(rig.asked.map(({ token }) => token)).toEqual([null, 'Bearer mine']);
  expect([...rig.box('dotm-voice').held.keys()]).toEqual(['/api/welcome-audio/shared']);
  expect([...rig.box('dotm-voice-personal').held.keys()]).toEqual(['/api/welcome-audio/mine']);
});

test('shared clips stay within their bound, and those heard longest ago go first', async () => {
  const rig = makeStore({ maxBytes: 3000 });
  for (const name of ['a', 'b', 'c']) await rig.open().open(clip(name));
  await rig.open().open(clip('a'));
  await rig.open().open(clip('d'));
  expect([...rig.box('dotm-voice').held.keys()].map((url) => url.at(-1)).sort()).toEqual(['a', 'c', 'd']);
  expect(Object.keys(rig.index)).toHaveLength(3);
});

test('where nothing may be kept, or the disk is full, it plays all the same', async () => {
  const forbidden = makeStore({ caches: null });
  const store = forbidden.open();
  await store.open(clip('a'));
  await store.open(clip('a'));
  expect(forbidden.asked).toHaveLength(1);

  const full = makeStore();
  full.box('dotm-voice').full = true;
  expect((await full.open().open(clip('a'))).size).toBe(1000);
});

test.each([
  [404, 'missing'],
  [403, 'denied'],
  [401, 'denied'],
  [500, 'network'],
  [503, 'network'],
])('an answer %i is told as %s', async (status, kind) => {
  const rig = makeStore();
  rig.answer = () => new Response('{}', { status });
  await expect(rig.open().open(clip('a'))).rejects.toMatchObject({ kind });
});

test('a page that a hotel’s network sends instead of the clip is neither played nor kept', async () => {
  const rig = makeStore();
  rig.answer = () => new Response('<html>'.padEnd(500), { headers: { 'content-type': 'text/html' } });
  await expect(rig.open().open(clip('a'))).rejects.toMatchObject({ kind: 'network' });
  expect(rig.box('dotm-voice').held.size).toBe(0);
});

test('no network is told from a bad one', async () => {
  const rig = makeStore();
  rig.answer = () => {
    throw new TypeError('failed');
  };
  await expect(rig.open().open(clip('a'))).rejects.toBeInstanceOf(ClipFailure);
  await expect(rig.open().open(clip('a'))).rejects.toMatchObject({ kind: 'network' });
  rig.online = false;
  await expect(rig.open().open(clip('a'))).rejects.toMatchObject({ kind: 'offline' });
});
