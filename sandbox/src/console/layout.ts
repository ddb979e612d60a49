import { html } from 'hono/html';
import type { Core } from '../core/vendor.ts';

/** A piece of escaped HTML. */
export type Markup = ReturnType<typeof html>;

/** What every page knows: who it is in the navigation, and a word about what was just done. */
export interface PageFrame {
  core: Core;
  path: string;
  notice?: string | undefined;
  problem?: string | undefined;
}

const NAVIGATION = [
  { path: '/', label: 'Overview' },
  { path: '/calls', label: 'Calls' },
  { path: '/webhooks', label: 'Webhooks' },
  { path: '/faults', label: 'Faults' },
  { path: '/carrier', label: 'Carrier' },
  { path: '/clock', label: 'Clock' },
  { path: '/mail', label: 'Mail' },
];

/** Wraps a page's content in the console's frame. */
export function page(frame: PageFrame, title: string, content: Markup): Markup {
  const { core, path, notice, problem } = frame;
  const current = (target: string) => (target === '/' ? path === '/' : path.startsWith(target));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · DOTM sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/console.css" />
        <script src="/assets/console.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="top">
          <div class="bar">
            <a class="brand" href="/"><i></i>DOTM sandbox</a>
            <nav aria-label="Main">
              ${NAVIGATION.map(
                ({ path: target, label }) =>
                  html`<a href="${target}" ${current(target) ? html`aria-current="page"` : ''}>${label}</a>`,
              )}
            </nav>
            <a
              class="now ${core.clock.offsetMs === 0 ? '' : 'moved'}"
              href="/clock"
              id="now"
              data-live
              title="Sandbox clock"
              >${utc(core.clock.now())}</a
            >
          </div>
        </header>
        <main id="content">
          ${problem ? html`<p class="note bad" role="alert">${problem}</p>` : ''}
          ${notice ? html`<p class="note" role="status">${notice}</p>` : ''} ${content}
        </main>
      </body>
    </html>`;
}

/** Writes a time for people: UTC, to the second. */
export function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Writes the time of day of an ISO time: UTC, to the second. */
export function timeOfDay(iso: string): string {
  return iso.slice(11, 19);
}

/** Shows an HTTP status as a coloured pill; 0 or null is a call without an answer. */
export function statusPill(status: number | null): Markup {
  const tone = !status || status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'info' : 'good';
  return html`<span class="pill ${tone}">${status || 'no answer'}</span>`;
}

/** Shows links that filter a list; the one whose value is `chosen` is marked. */
export function chips(
  label: string,
  options: { value: string; label: string; href: string }[],
  chosen: string,
): Markup {
  return html`<nav class="chips" aria-label="${label}">
    ${options.map(
      (option) =>
        html`<a href="${option.href}" ${option.value === chosen ? html`aria-current="true"` : ''}>${option.label}</a>`,
    )}
  </nav>`;
}

/** Makes a link's address from a path and the parameters that are not empty. */
export function href(path: string, params: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return query ? `${path}?${query}` : path;
}

/** Sets a body for reading: JSON indented, all else as it is. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
