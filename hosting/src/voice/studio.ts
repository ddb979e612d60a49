import type { QueryClient } from '@tanstack/react-query';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { call } from '../api/call.ts';
import { prepareRequest } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { appCheckToken, idToken } from '../auth/session.ts';
import { keepAnswer, keptAnswer } from '../live/kept.ts';
import { readStored, writeStored } from '../storage.ts';
import { makeAudible } from './audible.ts';
import { ClipStore, maxClipBytes } from './clip-store.ts';
import { mayKeepVoice } from './forget-voice.ts';
import { keepMessage, keptMessage } from './kept-messages.ts';
import { MessageDesk } from './message-desk.ts';
import type { ClipAudio } from './message.ts';
import { noteChoice, notePlace } from './note-current.ts';
import { Player } from './player.ts';
import { rates } from './player-state.ts';
import { ReportOutbox } from './report-outbox.ts';
import type { Report } from './report-outbox.ts';
import { voiceKeys } from './voice-keys.ts';

/** Everything that plays messages on this page. */
export interface Studio {
  player: Player;
  desk: MessageDesk;
  /** What sounds right now, for the picture. */
  analyser: () => AnalyserNode | null;
}

const rateKey = 'dotm.voice.rate';
const keptIndex = 'voice.clips';
const channelName = 'dotm-voice';

/** What browsers that save data say, where they say it. */
interface SavingNavigator {
  connection?: { saveData?: boolean };
}

function keep(name: string, value: unknown): void {
  if (mayKeepVoice()) keepAnswer(name, value);
}

function savesData(): boolean {
  return (navigator as SavingNavigator).connection?.saveData === true;
}

async function credentials(): Promise<Record<string, string>> {
  const [token, appCheck] = await Promise.all([idToken(false), appCheckToken()]);
  return {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(appCheck === null ? {} : { 'x-firebase-appcheck': appCheck }),
  };
}

function makeClips() {
  const store = new ClipStore({
    fetch: (input, init) => fetch(input, init),
    openBox: (name) => ('caches' in globalThis && mayKeepVoice() ? caches.open(name) : Promise.resolve(null)),
    credentials,
    online: () => navigator.onLine,
    now: Date.now,
    readIndex: () => keptAnswer(keptIndex),
    writeIndex: (index) => keep(keptIndex, index),
    maxBytes: maxClipBytes,
  });
  return {
    open: async (audio: ClipAudio) => URL.createObjectURL(await store.open(audio)),
    release: (url: string) => URL.revokeObjectURL(url),
    areKept: (audios: readonly ClipAudio[]) => store.areKept(audios),
    // Only a service: when its turn comes it is fetched once more.
    keep: (audio: ClipAudio) => void store.open(audio).catch(() => undefined),
    forget: (audio: ClipAudio) => store.forget(audio),
  };
}

/** A page that is about to go can't wait for an answer: the browser sends this on its own. */
async function sendLast(report: Report): Promise<void> {
  const { url, body } = prepareRequest('trackListen', report);
  const headers = { 'content-type': 'application/json', ...(await credentials()) };
  await fetch(url, { method: 'POST', body, headers, keepalive: true });
}

function keptRate(): number {
  const kept = Number(readStored(rateKey));
  return rates.find((rate) => rate === kept) ?? 1;
}

let studio: Studio | null = null;

/** The one studio of this page: it outlives changes of room, and the page is loaded anew when the member leaves. */
export function openStudio(uid: string, queries: QueryClient): Studio {
  studio ??= makeStudio(uid, queries);
  return studio;
}

function makeStudio(uid: string, queries: QueryClient): Studio {
  const audible = makeAudible();
  const setTimer = (run: () => void, ms: number) => window.setTimeout(run, ms);
  const clearTimer = (timer: number) => window.clearTimeout(timer);
  const keptReports = `${uid}.voice.reports`;
  const outbox = new ReportOutbox({
    send: (report) => call('trackListen', report),
    mayRetry: (error) => error instanceof ApiError && (error.retry || error.code === 'auth.required'),
    read: () => keptAnswer(keptReports),
    keep: (reports) => keep(keptReports, reports),
    onAnswer: (report, answer) => {
      notePlace(queries, report);
      // An answer that is on its way may not know this place yet: after a reload both are asked for at once.
      if (queries.isFetching({ queryKey: voiceKeys.current }) > 0)
        void queries.invalidateQueries({ queryKey: voiceKeys.current });
      if (!answer.completed) return;
      void queries.invalidateQueries({ queryKey: voiceKeys.history });
      const current = queries.getQueryData<VoiceMessage>(voiceKeys.current);
      if (current?.messageId === report.messageId) void queries.invalidateQueries({ queryKey: voiceKeys.current });
    },
    now: Date.now,
    setTimer,
    clearTimer,
  });
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(channelName) : null;
  const player: Player = new Player(
    {
      sounds: audible.sounds,
      clips: makeClips(),
      unlock: audible.unlock,
      savesData,
      report: (report, urgent) => outbox.add(report, urgent),
      unconfirmed: (messageId, textVersion) => outbox.pending(messageId, textVersion),
      onMissing: () => void desk.askAgain().then((came) => came || player.pause()),
      onStart: () => channel?.postMessage('playing'),
      now: () => performance.now(),
      setTimer,
      clearTimer,
    },
    keptRate(),
  );
  const desk = new MessageDesk({
    player,
    generate: async (wish) => {
      const { message } = await call('generateMessage', wish);
      noteChoice(queries, message);
      return message;
    },
    passes: (error) => error instanceof ApiError && error.code === 'client.network',
    kept: keptMessage,
    keep: (message) => void keepMessage(message),
    setTimer,
    clearTimer,
  });
  followPage(player, outbox, channel);
  return { player, desk, analyser: audible.analyser };
}

/** Listens to what happens around the player: another tab that plays, the network, the page that goes. */
function followPage(player: Player, outbox: ReportOutbox, channel: BroadcastChannel | null): void {
  channel?.addEventListener('message', () => player.pause());
  addEventListener('online', () => {
    outbox.flush();
    player.retryNow();
  });
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') player.reportNow();
  });
  addEventListener('pagehide', () => {
    player.reportNow();
    const { message } = player.getState();
    const last = message && outbox.pending(message.messageId, message.textVersion);
    // It stays in the outbox: should this one be lost, the next start sends it.
    if (last) void sendLast(last).catch(() => undefined);
  });
  let rate = player.getState().rate;
  player.subscribe(() => {
    const next = player.getState().rate;
    if (next !== rate) writeStored(rateKey, String((rate = next)));
  });
}
