import type { Readable } from 'node:stream';
import { parseClipId } from '../../domain/voice/clip-key.ts';
import { greetingOf } from '../../domain/voice/segments.ts';
import type { Services } from '../../platform/container.ts';
import { CodedError } from '../../shared/errors.ts';
import { findMemberByUid } from '../../store/members.ts';
import { clipOf, findClip, type Clip } from '../../store/voice-clips.ts';
import { pathOf } from './recordings.ts';
import { parseRange } from './parse-range.ts';

/** What is asked of a recording, as the request says it. */
export interface AudioRequest {
  readonly id: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly bearerToken: string | undefined;
}

/** What is answered; without `body` the headers are all. */
export interface AudioAnswer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** Opened when it is wanted: who only asks for headers reads nothing from Storage. */
  readonly open: (() => Readable) | null;
}

/**
 * Answers a request for a recording: whole, in part, or that the caller has it. A sentence is for everybody and for ever. A greeting is
 * for who has that name now and proves it with an ID token. Throws `not_found` for everything else, whether it exists or not.
 */
export async function serveAudio(services: Services, request: AudioRequest): Promise<AudioAnswer> {
  const id = parseClipId(request.id);
  const clip = id && (await findClip(services.db, id.key));
  if (!id || !clip || clip.readyTake === null || clip.bytes === null || id.take > clip.readyTake) throw missing();
  if (clip.kind === 'greeting' && !(await isOwn(services, clip, request.bearerToken))) throw missing();
  const files = await services.files();
  const path = pathOf(id.key, id.take);
  const bytes = id.take === clip.readyTake ? clip.bytes : (await files.look(path))?.bytes;
  if (bytes === undefined) throw missing();
  const etag = `"${request.id}"`;
  const always = {
    'Accept-Ranges': 'bytes',
    'Cache-Control': `${clip.kind === 'greeting' ? 'private' : 'public'}, max-age=31536000, immutable`,
    'Content-Type': 'audio/mpeg',
    ETag: etag,
    ...(clip.kind === 'greeting' ? { Vary: 'Authorization' } : {}),
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
  if (isKnown(request.ifNoneMatch, etag)) return { status: 304, headers: always, open: null };
  // The rest of another recording would be no use; an address never has another one, so only a foreign mark says so.
  const asked = request.ifRange === undefined || request.ifRange === etag ? request.range : undefined;
  const range = parseRange(asked, bytes);
  if (range === 'outside') {
    return {
      status: 416,
      headers: {
        ...always,
        'Content-Range': `bytes */${String(bytes)}`,
        'Content-Length': '0',
        'Cache-Control': 'no-store',
      },
      open: null,
    };
  }
  if (range === null) {
    return { status: 200, headers: { ...always, 'Content-Length': String(bytes) }, open: () => files.read(path) };
  }
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...always,
      'Content-Range': `bytes ${String(start)}-${String(end)}/${String(bytes)}`,
      'Content-Length': String(end - start + 1),
    },
    open: () => files.read(path, range),
  };
}

function missing(): CodedError {
  return new CodedError('not_found', 'no such recording');
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** Whether the greeting says the name that the bearer of the token has now: worked out anew from the name, so that a change of name counts at once. */
async function isOwn(services: Services, clip: Clip, bearerToken: string | undefined): Promise<boolean> {
  if (bearerToken === undefined) return false;
  const { db, policy } = services;
  const uid = await verifiedUid(services, bearerToken);
  const member = uid === null ? null : await findMemberByUid(db, uid);
  if (!member || member.erasedAt !== null) return false;
  const greeting = greetingOf(clip.language, member.displayName);
  return greeting.personal && clipOf(policy.voice, clip.language, clip.voice, 'welcome', greeting).key === clip.key;
}

async function verifiedUid(services: Services, bearerToken: string): Promise<string | null> {
  const users = await services.users();
  return users.verifyToken(bearerToken).then(
    ({ uid }) => uid,
    () => null,
  );
}
