/**
 * How soon does a member hear something, and what do a thousand members cost? Members ask for messages at the REST door, a worker makes what
 * is missing at the stand-in for ElevenLabs through the official SDK, the sound comes from the official Storage emulator:
 *
 *   npm run bench -- voice [members] [milliseconds that the vendor takes]
 *
 * The vendor's time is a setting of the stand-in, not a measurement of ElevenLabs: read the cached numbers, and what is added to it.
 */
import { loadavg } from 'node:os';
import { speechOf, voiceLanguages, type VoiceLanguage } from '../functions/src/domain/voice/languages.ts';
import { creditsOf } from '../functions/src/domain/voice/clip-key.ts';
import { segmentsOf } from '../functions/src/domain/voice/segments.ts';
import { messageIds } from '../functions/src/domain/voice/texts.ts';
import { voiceProfiles } from '../functions/src/domain/voice/voices.ts';
import { serveAudio } from '../functions/src/features/voice/serve-audio.ts';
import { handlers } from '../functions/src/handlers.ts';
import { restApp } from '../functions/src/platform/doors/rest.ts';
import { runJob } from '../functions/src/platform/jobs.ts';
import { api } from '../functions/src/shared/api/index.ts';
import type { VoiceMessage } from '../functions/src/shared/api/voice.ts';
import { clipOf } from '../functions/src/store/voice-clips.ts';
import { topics } from '../functions/src/topics.ts';
import setUpTestPostgres from '../dev/test-postgres.ts';
import { startStorage, voiceWorld, type VoiceWorld } from '../functions/test/support/voice-world.ts';
import { voiceSettings } from '../functions/test/support/without-voice.ts';
import { median } from './support/slices.ts';

const members = Number(process.argv[2] ?? 1_000);
const vendorMs = Number(process.argv[3] ?? 500);
const rounds = 15;

/** First names by how often they come, as names do: the nth is the nth part as frequent as the first. */
const firstNames = (
  'Maria Anna Mohamed Sofia Emma Lucas Noah Olivia Liam Mia Leo Ada Hugo Lea Ali Eva Louis Nina Omar Julia Max Clara Ivan Sara Finn Zoé ' +
  'Jan Lina Paul Ella Amir Ida Tom Alice Yuki Rosa Kofi Elif Mateo Nora Jonas Maya Erik Lucía Ravi Greta Hana Diego Aïcha Björn Chloé Dmitri ' +
  'Fatima Georg Hiro Ingrid João Katya Lars Mei Nikos Ojas Priya Quentin Raquel Søren Tariq Uma Viktor Wanda Ximena Yusuf Zara'
).split(' ');

/** The same members on each run. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Member {
  name: string;
  language: VoiceLanguage;
  voice: (typeof voiceProfiles)[number];
}

function makeMembers(count: number): Member[] {
  const random = chance();
  const weights = firstNames.map((_, at) => 1 / (at + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const pickName = (): string => {
    let left = random() * all;
    return firstNames.find((_, at) => (left -= weights[at] ?? 0) <= 0) ?? 'Maria';
  };
  return Array.from({ length: count }, () => {
    const draw = random();
    // Half speak English, a fifth French, the rest all languages alike.
    const language =
      draw < 0.5 ? 'en' : draw < 0.7 ? 'fr' : voiceLanguages[Math.floor(random() * voiceLanguages.length)]!;
    return { name: pickName(), language, voice: voiceProfiles[Math.floor(random() * voiceProfiles.length)]! };
  });
}

/** Credits for all members, each message as a whole for each of them, and by clips that are shared. */
function creditsFor(people: readonly Member[], messages: readonly (typeof messageIds)[number][]) {
  const clips = new Map<string, { credits: number; personal: boolean }>();
  let naive = 0;
  for (const { name, language, voice } of people) {
    for (const messageId of messages) {
      for (const segment of segmentsOf(language, messageId, name)) {
        const credits = creditsOf(segment.text, speechOf(language));
        naive += credits;
        clips.set(clipOf(voiceSettings, language, voice, messageId, segment).key, {
          credits,
          personal: segment.personal,
        });
      }
    }
  }
  const sum = (personal: boolean): number =>
    [...clips.values()].reduce((all, clip) => all + (clip.personal === personal ? clip.credits : 0), 0);
  return { naive, shared: sum(false), greetings: sum(true) };
}

function reportCredits(): void {
  const people = makeMembers(members);
  const thousand = (credits: number): string => Math.round((credits * 1_000) / members).toLocaleString('en');
  for (const [title, messages] of [
    ['the welcome', messageIds.slice(0, 1)],
    [`all ${String(messageIds.length)} messages`, messageIds],
  ] as const) {
    const { naive, shared, greetings } = creditsFor(people, messages);
    console.log(`\ncredits per thousand members who hear ${title} (of ${String(members)} members):`);
    console.log(`  each member's message synthesised whole   ${thousand(naive)}`);
    console.log(
      `  sentences shared, greetings by name       ${thousand(shared + greetings)}  (${thousand(shared)} + ${thousand(greetings)})`,
    );
    console.log(`  the next thousand, with the same names    0; with new names their greetings`);
    console.log(`  naive / ours                              ${(naive / (shared + greetings)).toFixed(1)}`);
  }
}

async function measure(t: VoiceWorld): Promise<void> {
  const app = restApp(() => t, Object.values(api), handlers);
  const get = async (token: string): Promise<VoiceMessage> => {
    const answer = await app.request('/api/message/current', { headers: { authorization: `Bearer ${token}` } });
    return ((await answer.json()) as { message: VoiceMessage }).message;
  };
  const workOff = async (kinds: string): Promise<void> => {
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = 'voice.make' and state = 'pending' and ($1 = 'all' or payload ->> 'text' is not null) order by id`,
      [kinds],
    );
    for (const { id } of rows) await runJob(t, topics, id);
  };
  const hear = async ({ segments }: VoiceMessage, token: string): Promise<void> => {
    const { id } = segments[0]?.audio ?? {};
    if (id === undefined) throw new Error('the greeting is not ready');
    const answer = await serveAudio(t, {
      ...{ id, range: 'bytes=0-', ifRange: undefined, ifNoneMatch: undefined, bearerToken: token },
    });
    for await (const part of answer.open!()) if (part) break;
  };
  const join = async (name: string): Promise<string> => {
    const uid = `bench-${name}`;
    t.people.put({ uid, email: `${uid}@example.com`, name });
    await t.db.query('delete from rate_limit');
    const token = t.people.tokenOf(uid);
    await app.request('/api/account', { headers: { authorization: `Bearer ${token}` } });
    return token;
  };
  // The sentences are recorded ahead, as `publishVoiceTexts` does; SDK and connections are warm.
  await get(await join('Warm'));
  await workOff('all');
  await t.set({ latencyMs: vendorMs });
  const times: Record<'uncached' | 'cached' | 'text', number[]> = { uncached: [], cached: [], text: [] };
  for (let round = 0; round < rounds; round += 1) {
    const name = `Bench${String.fromCharCode(97 + round)}`;
    const token = await join(name);
    const asked = performance.now();
    await get(token);
    times.text.push(performance.now() - asked);
    await workOff('greetings');
    await hear(await get(token), token);
    times.uncached.push(performance.now() - asked);
    const again = performance.now();
    await hear(await get(token), token);
    times.cached.push(performance.now() - again);
  }
  const line = (name: string, values: number[]): void =>
    console.log(
      `  ${name.padEnd(58)}${median(values).toFixed(0).padStart(6)} ms   (${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)})`,
    );
  console.log(
    `\ntime to first audio, median of ${String(rounds)} (load ${(loadavg()[0] ?? 0).toFixed(1)}; no network, no queue between commit and worker):`,
  );
  line('text of a new name (202)', times.text);
  line(`first sound, uncached, of which ${String(vendorMs)} ms are the vendor's`, times.uncached);
  line('first sound, cached', times.cached);
}

// The product's own log is not what is asked for here.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]) =>
  typeof chunk === 'string' && chunk.startsWith('{"severity":') ? true : write(chunk, ...rest);

reportCredits();
const tearDown = await setUpTestPostgres();
const storage = await startStorage();
const t = await voiceWorld(storage, { seeded: true });
try {
  await measure(t);
} finally {
  await t.stop();
  await storage.stop();
  await tearDown();
}
