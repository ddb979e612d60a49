import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signUp } from '../../../src/features/accounts/sign-up.ts';
import { pseudonymiseMember } from '../../../src/store/erasure.ts';
import { topics } from '../../../src/topics.ts';
import { call, need } from '../../support/shopping.ts';
import { drain } from '../../support/services.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../../support/voice-world.ts';

let storage: TestStorage;
let t: VoiceWorld;

beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { seeded: true });
}, 120_000);
afterAll(async () => {
  await t?.stop();
  await storage?.stop();
});

const spoken = { 'voice.welcome': topics['voice.welcome'], 'voice.make': topics['voice.make'] };
const settled = (services: VoiceWorld = t) => drain(services, spoken, { forSeconds: 60 });
const message = async (uid: string) =>
  (await call(t, 'getCurrentMessage', {}, { token: t.people.tokenOf(uid) })).message;

function person(uid: string, name: string | null) {
  return t.people.put({ uid, name });
}

async function jobsOf(uid: string): Promise<string[]> {
  const { rows } = await t.db.query<{ id: string }>(
    `select o.id from outbox o join member m on m.id = o.payload ->> 'memberId' where o.topic = 'voice.welcome' and m.uid = $1`,
    [uid],
  );
  return rows.map(({ id }) => id);
}

describe('signing up', () => {
  test('has the welcome recorded with the name of the account: it is there when the app first asks', async () => {
    await signUp(t, person('ada', 'Ada Lovelace'));
    await settled();
    const { segments, ready, ...heard } = await message('ada');
    expect(heard).toMatchObject({ messageId: 'welcome', language: 'en', voice: 'CanadianRockstar' });
    expect(ready).toBe(true);
    expect(segments[0]).toMatchObject({ text: 'Hi Ada!', audio: { personal: true } });
  });

  test('asks once, and pays once, however often the event comes and the account is set up', async () => {
    const paid = await t.paid();
    const bela = person('bela', 'Bela');
    await Promise.all([signUp(t, bela), signUp(t, bela)]);
    await settled();
    expect(await t.paid()).toBe(paid + 'Hi Bela!'.length);
    await signUp(t, bela);
    await settled();
    await call(t, 'getAccount', {}, { token: t.people.tokenOf('bela') });
    await settled();
    expect(await jobsOf('bela')).toHaveLength(1);
    expect(await t.paid()).toBe(paid + 'Hi Bela!'.length);
    const { rows } = await t.db.query(
      `select 1 from voice_greeting g join member m on m.id = g.member_id where m.uid = 'bela'`,
    );
    expect(rows).toHaveLength(1);
  });

  test('speaks the language that the app tells right after, and leaves the choice open', async () => {
    await signUp(t, person('claude', 'Claude'));
    const token = t.people.tokenOf('claude');
    await call(t, 'updateAccount', { locale: 'fr' }, { token });
    await settled();
    expect(await message('claude')).toMatchObject({ language: 'fr', ready: true });
    const { rows } = await t.db.query(
      `select 1 from voice_clip where language = 'en' and kind = 'greeting' and text_version = 1`,
    );
    expect(rows).toHaveLength(2);
    const { rowCount } = await t.db.query(
      `select 1 from voice_listener l join member m on m.id = l.member_id where m.uid = 'claude'`,
    );
    expect(rowCount).toBe(0);
  });

  test('without a name greets without one', async () => {
    await signUp(t, person('nobody', null));
    await settled();
    const { segments, ready } = await message('nobody');
    expect(ready).toBe(true);
    expect(segments[0]).toMatchObject({ text: 'Hi there!', audio: { personal: false } });
  });

  test('does not fail with the vendor or the files: the account is there, and the recording waits', async () => {
    const broken: VoiceWorld = {
      ...t,
      voice: () => Promise.reject(new Error('no voice')),
      files: () => Promise.reject(new Error('no files')),
    };
    await signUp(broken, person('dora', 'Dora'));
    await settled(broken);
    expect(await message('dora')).toMatchObject({ ready: false });
    await settled();
    expect(await message('dora')).toMatchObject({ ready: true });
  });

  test('records nothing for who was erased before it came to that', async () => {
    const paid = await t.paid();
    await signUp(t, person('erik', 'Erik'));
    const memberId = need((await t.db.query<{ id: string }>(`select id from member where uid = 'erik'`)).rows[0]).id;
    await t.db.transaction((tx) => pseudonymiseMember(tx, memberId, 'erik', t.clock.now()));
    await settled();
    expect(await t.paid()).toBe(paid);
  });
});
