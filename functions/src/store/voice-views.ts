import { IntlMessageFormat } from 'intl-messageformat';
import { clipId } from '../domain/voice/clip-key.ts';
import { directionOf, type VoiceLanguage } from '../domain/voice/languages.ts';
import { nextMessage, waitingMessages } from '../domain/voice/next-message.ts';
import { greetingOf, segmentsOf, type Segment } from '../domain/voice/segments.ts';
import { kindOf, textsOf, type MessageId } from '../domain/voice/texts.ts';
import type { VoiceProfile } from '../domain/voice/voices.ts';
import type { Queryable } from '../platform/db.ts';
import type { VoicePolicy } from '../platform/voice-settings.ts';
import type { VoiceMessage, VoiceSegment } from '../shared/api/voice.ts';
import { clipOf, readClips, type Clip, type WantedClip } from './voice-clips.ts';
import { readListener, readProgress, toListened, type Listener, type Progress } from './voice-listening.ts';
import type { Member } from './members.ts';

/** What of a message is asked for; what is left out is what the member chose, and the message that comes next. */
export interface Asked {
  readonly messageId?: MessageId | undefined;
  readonly language?: VoiceLanguage | undefined;
  readonly voice?: VoiceProfile | undefined;
}

/** A message as its member hears it, and the clips that it still needs. */
export interface PreparedMessage {
  readonly message: VoiceMessage;
  readonly missing: readonly WantedClip[];
  /** What the member chose before. */
  readonly listener: Listener;
}

interface Part {
  readonly segment: Segment;
  readonly wanted: WantedClip;
}

/** Puts a member's message together from what is recorded. */
export async function prepareMessage(
  db: Queryable,
  settings: VoicePolicy,
  member: Member,
  asked: Asked,
): Promise<PreparedMessage> {
  const [listener, progress] = [await readListener(db, member), await readProgress(db, member.id)];
  const language = asked.language ?? listener.language;
  const voice = asked.voice ?? listener.voice;
  const listened = toListened(progress);
  const messageId = asked.messageId ?? nextMessage(listened).messageId;
  const own = progress.find((each) => each.messageId === messageId);
  const parts = await chooseParts(db, settings, member, { language, voice, messageId });
  const segments = parts.map(({ segment, clip }) => viewSegment(segment, clip));
  const waiting = waitingMessages(listened).filter((id) => id !== messageId).length;
  const message: VoiceMessage = {
    messageId,
    kind: kindOf(messageId),
    state: own?.completedAt ? 'replay' : 'new',
    language,
    voice,
    direction: directionOf(language),
    textVersion: textsOf(language).version,
    ready: parts.every(({ clip }) => isSettled(clip)),
    segments,
    position: viewPosition(own, segments),
    heard: own?.heard ?? [],
    more: new IntlMessageFormat(textsOf(language).more, language).format({ count: waiting }) as string,
    waiting,
    // Read before the rest: what is shown is never older than its number says.
    revision: Number(listener.revision),
  };
  return { message, listener, missing: parts.flatMap(({ wanted, clip }) => (isSettled(clip) ? [] : [wanted])) };
}

async function chooseParts(
  db: Queryable,
  settings: VoicePolicy,
  member: Member,
  { language, voice, messageId }: { language: VoiceLanguage; voice: VoiceProfile; messageId: MessageId },
): Promise<(Part & { clip: Clip | undefined })[]> {
  const toPart = (segment: Segment): Part => ({
    segment,
    wanted: clipOf(settings, language, voice, messageId, segment),
  });
  const parts = segmentsOf(language, messageId, member.displayName).map(toPart);
  const nameless = toPart(greetingOf(language, null));
  const clips = await readClips(
    db,
    [...parts, nameless].map(({ wanted }) => wanted.key),
  );
  return parts.map((part) => {
    // A name that the vendor refuses to say, or that could not be said, is left out: the message waits for nobody.
    const failed = part.segment.personal && clips.get(part.wanted.key)?.state === 'failed';
    const used = failed ? nameless : part;
    return { ...used, clip: clips.get(used.wanted.key) };
  });
}

function isHeardNow(clip: Clip | undefined): clip is Clip & { readyTake: number; seconds: number } {
  return clip !== undefined && clip.readyTake !== null && clip.seconds !== null;
}

/** What failed is only shown: nobody waits for it. */
function isSettled(clip: Clip | undefined): boolean {
  return isHeardNow(clip) || clip?.state === 'failed';
}

function viewSegment({ index, kind, text, personal }: Segment, clip: Clip | undefined): VoiceSegment {
  if (!isHeardNow(clip)) return { index, kind, text, seconds: null, audio: null, characters: null };
  const id = clipId(clip.key, clip.readyTake);
  const { startsMs, endsMs, seconds } = clip;
  const inSeconds = (times: readonly number[]): number[] => times.map((ms) => ms / 1000);
  return {
    index,
    kind,
    text,
    seconds,
    audio: { id, url: `/api/welcome-audio/${id}`, personal },
    characters: startsMs && endsMs ? { starts: inSeconds(startsMs), ends: inSeconds(endsMs) } : null,
  };
}

/** What was heard to its end begins anew; a place in a sentence that a newer text does not have is its last one. */
function viewPosition(own: Progress | undefined, segments: readonly VoiceSegment[]): VoiceMessage['position'] {
  if (!own || own.completedAt !== null) return { sentence: 0, offsetMs: 0 };
  const last = segments.length - 1;
  return own.segment > last ? { sentence: last, offsetMs: 0 } : { sentence: own.segment, offsetMs: own.offsetMs };
}
