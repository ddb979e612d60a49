import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { getMessageHistory, voiceMessageSchema } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { call } from '../api/call.ts';
import type { OperationOutput } from '../api/client.ts';
import { useSession } from '../auth/session.ts';
import { newerRevision } from '../live/order-of-states.ts';
import { useLive } from '../live/use-live.ts';
import type { Live } from '../live/use-live.ts';
import type { DeskState } from './message-desk.ts';
import type { Place } from './message.ts';
import type { PlayerState } from './player-state.ts';
import { openStudio } from './studio.ts';
import type { Studio } from './studio.ts';
import { voiceKeys } from './voice-keys.ts';

function useUid(): string | null {
  const session = useSession();
  return session.status === 'signed-in' ? session.user.uid : null;
}

/** What plays messages on this page; null while nobody is signed in. */
export function useStudio(): Studio | null {
  const uid = useUid();
  const queries = useQueryClient();
  return uid === null ? null : openStudio(uid, queries);
}

/** The player's state, followed. */
export function usePlayerState({ player }: Studio): PlayerState {
  return useSyncExternalStore(player.subscribe, player.getState);
}

/** What was asked for last, followed. */
export function useDeskState({ desk }: Studio): DeskState {
  return useSyncExternalStore(desk.subscribe, desk.getState);
}

/** Something of the player's place, followed at every picture that the screen draws while it sounds, and told only when it changes. */
export function useAtPlace<T>(studio: Studio, read: (place: Place) => T): T {
  const { player } = studio;
  const state = usePlayerState(studio);
  const [, redraw] = useState(0);
  const value = read(player.place());
  useEffect(() => {
    if (state.phase !== 'playing') return;
    let shown = value;
    let frame = requestAnimationFrame(function look() {
      const next = read(player.place());
      if (next !== shown) {
        shown = next;
        redraw((count) => count + 1);
      }
      frame = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(frame);
    // What is read changes with the message and the segment; a new function with each render changes nothing.
  }, [player, state.phase, state.segment, state.message]);
  return value;
}

/** The message that the member hears next. Also asks the server for it, so that its clips are made before they are wanted. */
export function useCurrentMessage(): Live<VoiceMessage> {
  const uid = useUid();
  return useLive(
    {
      key: voiceKeys.current,
      target: uid === null ? null : { document: `members/${uid}/voice/current` },
      schema: voiceMessageSchema,
      fetch: async (signal) => (await call('getCurrentMessage', {}, { signal })).message,
      moving: (message) => !message.ready,
      newer: newerRevision,
      keptFor: uid,
    },
    uid !== null,
  );
}

/** What the member has listened to, most recent first. */
export function useMessageHistory(): Live<OperationOutput<'getMessageHistory'>> {
  const uid = useUid();
  return useLive(
    {
      key: voiceKeys.history,
      target: null,
      schema: getMessageHistory.output,
      fetch: (signal) => call('getMessageHistory', {}, { signal }),
      keptFor: uid,
    },
    uid !== null,
  );
}

/** Languages and voices that are offered; they change with a release only. */
export function useVoices(): OperationOutput<'listVoices'> | undefined {
  return useQuery({
    queryKey: voiceKeys.voices,
    queryFn: ({ signal }) => call('listVoices', {}, { signal }),
    staleTime: Infinity,
  }).data;
}
