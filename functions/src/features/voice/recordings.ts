import { randomUUID } from 'node:crypto';
import type { FileFacts, Files } from '../../platform/files.ts';
import type { MadeClip } from '../../store/voice-clips.ts';
import type { Recording } from '../../vendors/voice/port.ts';

/** Bytes of a second of MP3 with 128 kbit/s: a length for recordings that come without times. */
const bytesPerSecond = 16_000;

/** Where the recording of a clip lies. Each take has a file of its own, which never changes. */
export function pathOf(key: string, take: number): string {
  return take === 0 ? `voice/${key}.mp3` : `voice/${key}.${String(take)}.mp3`;
}

/** What is told of a recording: for the row of its clip, and beside its sound, so that nothing is lost with the database. */
type Facts = Omit<MadeClip, 'take' | 'bytes'>;

/** Reads the vendor's times as those of our text; without them where the vendor counted other characters. */
export function factsOf(text: string, recording: Recording, reservedCredits: number): Facts {
  const { timing, audio } = recording;
  const fits = timing?.characters.join('') === text && timing.characters.length === Array.from(text).length;
  const last = timing?.endsMs.at(-1);
  return {
    credits: recording.credits ?? reservedCredits,
    seconds: last === undefined ? audio.length / bytesPerSecond : last / 1000,
    startsMs: fits && timing ? timing.startsMs : null,
    endsMs: fits && timing ? timing.endsMs : null,
  };
}

/**
 * Saves a recording together with its times, in one write: there is no moment in which one is there without the other. Returns what is
 * saved, which is another's recording where one was there already.
 */
export async function saveRecording(
  files: Files,
  at: { key: string; take: number },
  recording: Recording,
  facts: Facts,
  about: Record<string, string>,
): Promise<MadeClip & { isOurs: boolean }> {
  const path = pathOf(at.key, at.take);
  // Tells our own write, whose answer was lost and which was sent again, from another's.
  const write = randomUUID();
  const metadata = { ...about, write, facts: JSON.stringify(facts) };
  if (await files.saveNew(path, recording.audio, { type: 'audio/mpeg', metadata })) {
    return { ...facts, take: at.take, bytes: recording.audio.length, isOurs: true };
  }
  const found = await files.look(path);
  const saved = readFacts(found, at.take);
  if (saved === null) throw new Error(`${path} was there a moment ago`);
  return { ...saved, isOurs: found?.metadata['write'] === write };
}

/** Looks whether a recording was saved before, by an attempt that died behind it. */
export async function findRecording(files: Files, key: string, take: number): Promise<MadeClip | null> {
  return readFacts(await files.look(pathOf(key, take)), take);
}

function readFacts(found: FileFacts | null, take: number): MadeClip | null {
  const facts = found?.metadata['facts'];
  if (!found || facts === undefined) return null;
  return { ...(JSON.parse(facts) as Facts), take, bytes: found.bytes };
}
