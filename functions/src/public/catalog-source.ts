import { catalogViewSchema, type CatalogView } from '../shared/api/catalog.ts';
import { CodedError } from '../shared/errors.ts';

/** Gives the published catalogue. */
export interface CatalogSource {
  /** The catalogue, at most a minute old while its source answers. Throws `vendor.unavailable` where there never was one. */
  current(): Promise<CatalogView>;
}

/** A price that changed is told within this time; a quote that was given meanwhile holds anyway. */
const freshMs = 60_000;

/** How long a source that failed is left alone: the last known catalogue goes on being served, and nobody waits again. */
const pauseMs = 10_000;

/** A person waits for the answer. */
const timeoutMs = 8_000;

/**
 * Reads the catalogue over HTTP, as any client would, and keeps it. One request is on its way at a time, however many ask. While the
 * source is down or answers nonsense, the last known catalogue is given: prices in it were right a little while ago, and a quote is
 * checked again at checkout. `trouble` hears why a reading failed, without any content.
 */
export function catalogSource(options: {
  readonly url: string;
  readonly now: () => number;
  readonly trouble: (error: unknown) => void;
  readonly fetch?: typeof globalThis.fetch;
}): CatalogSource {
  const { url, now, trouble, fetch = globalThis.fetch } = options;
  let known: CatalogView | undefined;
  let askAgainAt = 0;
  let asking: Promise<void> | undefined;

  const read = async (): Promise<CatalogView> => {
    const answer = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!answer.ok) throw new Error(`the catalogue's source answered ${String(answer.status)}`);
    return catalogViewSchema.parse(await answer.json());
  };
  const ask = async (): Promise<void> => {
    try {
      known = await read();
      askAgainAt = now() + freshMs;
    } catch (error) {
      trouble(error);
      askAgainAt = now() + pauseMs;
    } finally {
      asking = undefined;
    }
  };

  return {
    async current() {
      if (known === undefined || now() >= askAgainAt) {
        // Where nothing is known yet there is no reason to pause: this caller gets an answer or an error of its own.
        await (asking ??= ask());
      }
      if (known === undefined) throw new CodedError('vendor.unavailable', 'the catalogue cannot be read');
      return known;
    },
  };
}
