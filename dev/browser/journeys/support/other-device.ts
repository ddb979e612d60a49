import { maxVoiceSegments, type VoiceMessageId } from '../../../../functions/src/shared/voice.ts';
import { testWorld } from '../../test-world.ts';
import type { Visitor } from './visitor.ts';

/** The visitor signs in on another device and hears messages there, to their end. */
export async function hearElsewhere(visitor: Visitor, messages: readonly VoiceMessageId[]): Promise<void> {
  const { urls } = testWorld();
  const { email, password } = visitor;
  const { idToken } = await post<{ idToken: string }>(
    `${urls.auth}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=any`,
    { email, password, returnSecureToken: true },
  );
  for (const messageId of messages) {
    const heard = Array.from({ length: maxVoiceSegments }, (_, index) => index);
    const place = { textVersion: 1, language: 'en', voice: 'BuddyFriend', sentence: 0, offsetMs: 0 };
    await post(`${urls.api}/welcome-message/track-listen`, { messageId, ...place, heard }, idToken);
  }
}

async function post<T>(url: string, body: object, idToken?: string): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(idToken === undefined ? {} : { authorization: `Bearer ${idToken}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${String(response.status)} ${await response.text()}`);
  return (await response.json()) as T;
}
