import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { ApiError } from '../api/errors.ts';
import { useRuntimeConfig } from '../runtime-config.ts';
import type { LiveTarget } from './firestore.ts';
import { keepAnswer, keptAnswer, lastSeen, markSeen } from './kept.ts';

/** Something that the server keeps and a page shows: where to follow it, how to fetch it, how to judge it. */
export interface LiveSource<T> {
  key: QueryKey;
  /** Where Firestore has it; null where it is only to be had by REST. */
  target: LiveTarget | null;
  schema: z.ZodType<T>;
  fetch: (signal: AbortSignal) => Promise<T>;
  /** True while the next step is expected soon. */
  moving?: (value: T) => boolean;
  /** Which of two states is newer; the offered one unless told otherwise. */
  newer?: (held: T | undefined, offered: T) => T;
  /**
   * Whose it is, when a traveller needs it without network: its last state is then kept on this device from the first answer on,
   * whichever road it came by. Firestore's own cache holds it only once its listener has been served.
   */
  keptFor?: string | null;
}

export type LiveStatus = 'loading' | 'ready' | 'missing' | 'offline' | 'failed';

export interface Live<T> {
  data: T | undefined;
  status: LiveStatus;
  error: unknown;
  /** When the server last confirmed it, in milliseconds; 0 when never. */
  updatedAt: number;
  refetch: () => void;
}

/** While something is in motion and Firestore is silent, the page asks as often as a person would look. */
const pollMovingMs = 2000;
/** With Firestore listening, REST only guards against a projection that got stuck. */
const guardMs = 10_000;
const pollRestMs = 30_000;

/**
 * Follows one source by both roads: Firestore where it is available (live, and from disk when offline), REST always once
 * and then as often as needed. Pages see one value and never ask where it came from.
 */
export function useLive<T>(source: LiveSource<T>, enabled = true): Live<T> {
  const queries = useQueryClient();
  const topic = JSON.stringify(source.key);
  const keep = (offered: T) => (source.newer ? source.newer(queries.getQueryData<T>(source.key), offered) : offered);
  const listening = useFollow(source, keep, enabled);

  const query = useQuery<T>({
    queryKey: source.key,
    queryFn: async ({ signal }) => {
      const value = keep(await source.fetch(signal).catch((error: unknown) => forgetMissing(source, error)));
      remember(source, value);
      return value;
    },
    initialData: () => recall(source),
    initialDataUpdatedAt: () => lastSeen(topic),
    enabled,
    refetchInterval: ({ state }) => {
      const moving = state.data !== undefined && (source.moving?.(state.data) ?? false);
      if (listening) return moving ? guardMs : false;
      return moving ? pollMovingMs : pollRestMs;
    },
  });

  return {
    data: query.data,
    status: statusOf(query.data !== undefined, query.error, query.fetchStatus === 'paused'),
    error: query.error,
    updatedAt: query.dataUpdatedAt,
    refetch: () => void query.refetch(),
  };
}

function statusOf(hasData: boolean, error: unknown, paused: boolean): LiveStatus {
  // What this device still remembers does not bring back what the server no longer has.
  if (isMissing(error)) return 'missing';
  if (hasData) return 'ready';
  if (paused || (error instanceof ApiError && error.code === 'client.network')) return 'offline';
  return error ? 'failed' : 'loading';
}

function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'not_found';
}

function nameOf<T>({ key, keptFor }: LiveSource<T>): string | null {
  return keptFor === undefined || keptFor === null ? null : `${keptFor}.${JSON.stringify(key)}`;
}

/** Notes what the server has just said, and when. */
function remember<T>(source: LiveSource<T>, value: T): void {
  markSeen(JSON.stringify(source.key), Date.now());
  const name = nameOf(source);
  if (name !== null) keepAnswer(name, value);
}

/** The state that an earlier visit kept; undefined when there is none, or when it has another shape by now. */
function recall<T>(source: LiveSource<T>): T | undefined {
  const name = nameOf(source);
  return name === null ? undefined : source.schema.safeParse(keptAnswer(name)).data;
}

function forgetMissing<T>(source: LiveSource<T>, error: unknown): never {
  const name = nameOf(source);
  if (name !== null && isMissing(error)) keepAnswer(name, undefined);
  throw error;
}

/** Feeds Firestore's states into the query's cache. Answers whether Firestore is connected and talking. */
function useFollow<T>(source: LiveSource<T>, keep: (offered: T) => T, enabled: boolean): boolean {
  const config = useRuntimeConfig();
  const queries = useQueryClient();
  const [listening, setListening] = useState(false);
  const latest = useRef({ source, keep });
  latest.current = { source, keep };
  const target = config.liveUpdates && enabled ? source.target : null;
  const address = JSON.stringify(target);

  useEffect(() => {
    if (!target) return;
    let stop = () => setListening(false);
    let stopped = false;
    void import('./firestore.ts')
      .then(({ follow }) => {
        if (stopped) return;
        stop = follow(
          config,
          target,
          (state) => receive(state),
          () => setListening(false),
        );
      })
      // Without the module (offline before it was ever downloaded) REST alone serves.
      .catch(() => setListening(false));

    function receive(state: { data: unknown; confirmed: boolean }) {
      const { key, schema } = latest.current.source;
      const parsed = schema.safeParse(state.data);
      // A projection of another shape: REST has the word, and goes on having it.
      setListening(state.confirmed && (parsed.success || state.data === null));
      if (!parsed.success) return;
      // What the disk remembers never overrules what the server has said on this page.
      if (!state.confirmed && queries.getQueryData(key) !== undefined) return;
      const value = latest.current.keep(parsed.data);
      if (state.confirmed) remember(latest.current.source, value);
      queries.setQueryData<T>(key, value, { updatedAt: state.confirmed ? Date.now() : lastSeen(JSON.stringify(key)) });
    }
    return () => {
      stopped = true;
      stop();
      setListening(false);
    };
    // `address` stands for `target`, which is a new object in each render.
  }, [address, config, queries]);

  return listening;
}
