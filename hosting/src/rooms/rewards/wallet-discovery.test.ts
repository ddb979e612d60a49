import { describe, expect, it } from 'vitest';
import { discoverWallets, readAnnouncement, type WalletSurroundings } from './wallet-discovery.ts';

const provider = { request: async () => null };
const png = 'data:image/png;base64,iVBORw0KGgo=';

function announcement(info: unknown, offered: unknown = provider): Event {
  return new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider: offered }) });
}

/** A page with wallets that answer when they are asked. */
function page(answers: Event[] = [], ethereum?: unknown) {
  const target: WalletSurroundings = Object.assign(new EventTarget(), { ethereum });
  let asked = 0;
  target.addEventListener('eip6963:requestProvider', () => {
    asked += 1;
    // An event can be sent once: each answer is a new one.
    for (const answer of answers)
      target.dispatchEvent(new CustomEvent(answer.type, { detail: (answer as CustomEvent).detail as unknown }));
  });
  return { target, asked: () => asked };
}

const fox = { uuid: 'a', name: 'Fox', icon: png, rdns: 'io.fox' };
const owl = { uuid: 'b', name: 'Owl', icon: 'data:image/svg+xml,<svg/>', rdns: 'io.owl' };

describe('the wallets of a browser', () => {
  it('are asked to announce themselves, and listed in the order in which they do', () => {
    const { target, asked } = page([announcement(fox), announcement(owl)]);
    const found = discoverWallets(target);
    const stop = found.subscribe(() => undefined);
    expect(asked()).toBe(1);
    expect(found.wallets().map(({ name }) => name)).toEqual(['Fox', 'Owl']);
    stop();
  });

  it('that come up later are told to who listens, and to nobody once they stopped', () => {
    const { target } = page();
    const found = discoverWallets(target);
    let told = 0;
    const stop = found.subscribe(() => (told += 1));
    const before = told;
    target.dispatchEvent(announcement(fox));
    expect(told).toBe(before + 1);
    expect(found.wallets()).toHaveLength(1);
    stop();
    target.dispatchEvent(announcement(owl));
    expect(told).toBe(before + 1);
    expect(found.wallets()).toHaveLength(1);
  });

  it('stand in the list once however often they announce themselves, and none takes the place of another', () => {
    const { target } = page([announcement(fox)]);
    const found = discoverWallets(target);
    found.subscribe(() => undefined);
    const first = found.wallets();
    found.look();
    target.dispatchEvent(announcement({ ...fox, name: 'Thief' }, { request: async () => 'stolen' }));
    expect(found.wallets()).toEqual(first);
    expect(found.wallets()[0]?.provider).toBe(provider);
  });

  it('are the same list as long as nothing changes, so that a page does not draw itself without end', () => {
    const { target } = page([announcement(fox)]);
    const found = discoverWallets(target);
    found.subscribe(() => undefined);
    expect(found.wallets()).toBe(found.wallets());
  });

  it('that announce nothing are found where wallets stood before, and only then', () => {
    const old = page([], provider);
    const found = discoverWallets(old.target);
    found.subscribe(() => undefined);
    expect(found.wallets()).toEqual([{ id: 'window', name: null, icon: null, provider }]);
    old.target.dispatchEvent(announcement(owl));
    expect(found.wallets().map(({ name }) => name)).toEqual(['Owl']);
    for (const odd of [null, 'yes', {}, { request: 'yes' }]) {
      const none = discoverWallets(page([], odd).target);
      none.subscribe(() => undefined);
      expect(none.wallets()).toEqual([]);
    }
  });

  it('cannot fill the page without end', () => {
    const { target } = page(Array.from({ length: 500 }, (_, at) => announcement({ ...fox, uuid: String(at) })));
    const found = discoverWallets(target);
    found.subscribe(() => undefined);
    expect(found.wallets().length).toBeLessThanOrEqual(30);
  });
});

describe('an announcement', () => {
  it.each([
    ['nothing', new Event('eip6963:announceProvider')],
    ['no detail', new CustomEvent('eip6963:announceProvider')],
    ['a text', new CustomEvent('eip6963:announceProvider', { detail: 'fox' })],
    ['no information', announcement(undefined)],
    ['no id', announcement({ name: 'Fox', icon: png })],
    ['an id that is no text', announcement({ ...fox, uuid: 7 })],
    ['nobody to ask', announcement(fox, null)],
    ['somebody who can’t be asked', announcement(fox, { request: 'no' })],
  ])('with %s is none', (_what, event) => {
    expect(readAnnouncement(event)).toBeNull();
  });

  it.each([
    'https://fox.example/logo.png',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xmlx,<svg/>',
    'data:image/jpeg;base64,AAAA',
    '//fox.example/logo.svg',
    ` ${'data:image/png;base64,'}${'A'.repeat(300_000)}`,
    7,
    null,
  ])('shows no picture that is not one of ours to draw: %s', (icon) => {
    expect(readAnnouncement(announcement({ ...fox, icon }))?.icon).toBeNull();
  });

  it.each([png, 'data:image/webp;base64,AAAA', 'data:image/svg+xml;utf8,<svg/>', ` ${png}\n`])('shows %s', (icon) => {
    expect(readAnnouncement(announcement({ ...fox, icon }))?.icon).toBe(icon.trim());
  });

  it('keeps a name to one short line without marks that turn it around', () => {
    const nameOf = (name: unknown) => readAnnouncement(announcement({ ...fox, name }))?.name;
    expect(nameOf(' Fox\u202e\n Wallet\u200f ')).toBe('Fox Wallet');
    expect(nameOf('F'.repeat(500))).toHaveLength(60);
    expect(nameOf('\n')).toBeNull();
    expect(nameOf(undefined)).toBeNull();
  });
});
