import { html, raw } from 'hono/html';
import { addressOf, type Wish } from './wish.ts';
import { wordsOf, type Words } from './words.ts';

/** A piece of HTML in which everything is escaped that came from outside. */
export type Html = ReturnType<typeof html>;

/** What surrounds a page. */
export interface PageFrame {
  readonly wish: Pick<Wish, 'locale' | 'lang' | 'currency' | 'country' | 'query'>;
  /** Without the query. */
  readonly path: string;
  readonly appUrl: string;
  readonly title: string;
  readonly description: string;
  /** Whether search engines should keep it. */
  readonly indexed: boolean;
  /** Facts about the page for machines (schema.org). */
  readonly facts?: object;
  readonly body: Html;
}

/** Draws a whole page: head, header, body, footer, in the look of the web app. */
export function drawPage(frame: PageFrame): Html {
  const { wish, path, appUrl, title, description, body } = frame;
  const words = wordsOf(wish.locale);
  return html`<!doctype html>
    <html lang="${wish.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>${title} · DOTM</title>
        <meta name="description" content="${description}" />
        ${
          frame.indexed
            ? html`<link rel="canonical" href="${appUrl}${path}?lang=${wish.locale}" />
                <link rel="alternate" hreflang="en" href="${appUrl}${path}?lang=en" />
                <link rel="alternate" hreflang="fr" href="${appUrl}${path}?lang=fr" />
                <link rel="alternate" hreflang="x-default" href="${appUrl}${path}" />`
            : html`<meta name="robots" content="noindex" />`
        }
        <link rel="alternate" type="application/json" href="/api/catalog" />
        <link rel="service-desc" type="application/json" href="/api/openapi.json" />
        <meta name="theme-color" content="#f6f5f1" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0b0e17" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
        <script src="/theme.js"></script>
        <link rel="stylesheet" href="/catalog-assets/catalog.css" />
        <script src="/catalog-assets/catalog.js" defer></script>
        ${frame.facts ? drawFacts(frame.facts) : ''}
      </head>
      <body>
        <a class="skip" href="#main">${words.say('skip')}</a>
        ${drawHeader(frame, words)}
        <main id="main">${body}</main>
        ${drawFooter(frame, words)}
      </body>
    </html>`;
}

/** JSON inside a script element ends at the first `</script`, wherever that stands: no `<` may be left. */
function drawFacts(facts: object): Html {
  return html`<script type="application/ld+json">
    ${raw(JSON.stringify(facts).replaceAll('<', '\\u003c'))}
  </script>`;
}

function drawHeader({ wish, path }: PageFrame, words: Words): Html {
  const doors = [
    ['/catalog', words.say('nav.catalog')],
    ['/catalog/build', words.say('nav.build')],
    ['/catalog/trip', words.say('nav.trip')],
    ['/catalog/phone', words.say('nav.phone')],
  ] as const;
  const other = wish.locale === 'en' ? 'fr' : 'en';
  const query = new URLSearchParams(wish.query);
  query.delete('part');
  query.set('lang', other);
  return html`<header class="top">
    <div class="top-in">
      <a class="brand" href="/" aria-label="DOTM">dotm<i></i></a>
      <nav aria-label="${words.say('nav')}">
        ${doors.map(
          ([to, name]) =>
            html`<a href="${addressOf(to, wish)}" ${to === path ? raw('aria-current="page"') : ''}>${name}</a>`,
        )}
      </nav>
      <a class="switch" href="${path}?${query.toString()}" hreflang="${other}" lang="${other}"
        >${words.say('otherLanguage')}</a
      >
      <a class="button button-quiet button-small" href="/sign-in">${words.say('nav.signIn')}</a>
    </div>
  </header>`;
}

function drawFooter({ wish }: PageFrame, words: Words): Html {
  // The web app begins in the language that was chosen here.
  const lang = wish.lang === null ? '' : `?lang=${wish.lang}`;
  return html`<footer class="foot">
    <div class="foot-in">
      <span>${words.say('foot.promise')}</span>
      <a href="/${lang}">${words.say('foot.home')}</a>
      <a href="/plans${lang}">${words.say('foot.plans')}</a>
      <a href="/api/catalog">${words.say('foot.json')}</a>
      <a href="/docs/api">${words.say('foot.api')}</a>
      <a href="/api/openapi.json">${words.say('foot.openapi')}</a>
      <a href="/llms.txt">${words.say('foot.assistants')}</a>
    </div>
  </footer>`;
}

/** Draws the page of something that went wrong. */
export function drawProblem(
  frame: Pick<PageFrame, 'wish' | 'path' | 'appUrl'>,
  problem: 'notFound' | 'unavailable' | 'failed' | 'limited',
): Html {
  const words = wordsOf(frame.wish.locale);
  const title = words.say(`error.${problem}.title`);
  const text = words.say(`error.${problem}.text`);
  const body = html`<section class="empty">
    <h1>${title}</h1>
    <p>${text}</p>
    <a class="button" href="${addressOf('/catalog', frame.wish)}">${words.say('error.home')}</a>
  </section>`;
  return drawPage({ ...frame, title, description: text, indexed: false, body });
}
