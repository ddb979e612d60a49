import { runCard } from './run-card.ts';
import { cardStyle } from './style.ts';

let page: string | undefined;

/**
 * The card as one HTML file: style and script are in it, nothing is loaded from anywhere. The script is the function `runCard` itself, as
 * the running program holds it: so it is checked and built with everything else, and there is no second copy of it.
 */
export function cardHtml(): string {
  page ??= [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>DOTM</title><style>${cardStyle}</style></head>`,
    '<body><main id="card" aria-live="polite"><p class="soft">One moment …</p></main>',
    `<script>(${runCard.toString()})(window);</script></body></html>`,
  ].join('\n');
  return page;
}
