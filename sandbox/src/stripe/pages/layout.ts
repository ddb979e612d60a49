import { html, raw } from 'hono/html';
import { textsOf } from './texts.ts';
import type { PageLanguage } from './texts.ts';

/** Markup as hono's templates make it. */
export type Markup = ReturnType<typeof html>;

// One calm column on a phone, summary beside the form on a wide screen. Colours keep 4.5:1 in both modes.
const CSS = `
:root{color-scheme:light dark;--ink:#1a1f36;--soft:#5a6175;--line:#dfe3ea;--edge:#7c869b;--page:#f6f8fb;--card:#fff;--accent:#1d4ed8;--on-accent:#fff;--bad:#b3261e;--bad-bg:#fdecea;--side:#eef2f8}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f7;--soft:#a7b0c2;--line:#333b4d;--edge:#77839c;--page:#0f131b;--card:#171d28;--accent:#8ab4ff;--on-accent:#0b1220;--bad:#ffb4ab;--bad-bg:#3a1714;--side:#131925}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--accent)}
.bar{background:var(--side);color:var(--soft);font-size:.8125rem;text-align:center;padding:.375rem 1rem}
.wrap{max-width:60rem;margin:0 auto;padding:1.25rem 1rem 3rem;display:grid;gap:1.5rem}
.narrow{max-width:34rem}
@media(min-width:52rem){.two{grid-template-columns:1fr 1fr;gap:3.5rem;padding-top:3rem}}
h1{font-size:1rem;font-weight:500;color:var(--soft);margin:0 0 .25rem}
h2{font-size:1rem;margin:1.5rem 0 .5rem}form>h2:first-of-type{margin-top:0}
h1.big{font-size:1.375rem;font-weight:650;color:var(--ink);margin:0 0 .5rem}
.total{font-size:2.25rem;font-weight:650;letter-spacing:-.02em;margin:0 0 1.25rem;font-variant-numeric:tabular-nums}
.total small{font-size:1rem;font-weight:400;color:var(--soft);letter-spacing:0}
.items{list-style:none;margin:0;padding:0}
.items li{display:flex;justify-content:space-between;gap:1rem;padding:.625rem 0;border-top:1px solid var(--line)}
.items li:first-child{border-top:0}
.items small,.hint{color:var(--soft);font-size:.875rem;display:block}
.sum{display:flex;justify-content:space-between;border-top:1px solid var(--line);padding-top:.75rem;margin-top:.25rem;font-weight:600}
.panel{background:var(--card);border:1px solid var(--line);border-radius:.875rem;padding:1.25rem}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{font-weight:600;padding:0;margin:0 0 .5rem}
label{display:block;font-size:.9375rem;font-weight:500}
.field{margin:0 0 .875rem}
.field input,.field select{display:block;width:100%;margin-top:.25rem;padding:.6875rem .75rem;font:inherit;color:inherit;background:var(--page);border:1px solid var(--edge);border-radius:.5rem;min-height:2.75rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
input:focus-visible,select:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
input[aria-invalid=true],select[aria-invalid=true]{border-color:var(--bad)}
.choice{display:flex;gap:.625rem;align-items:center;padding:.625rem 0;min-height:2.75rem;font-weight:400}
.choice input{width:1.125rem;height:1.125rem;margin:0;accent-color:var(--accent);flex:none}
.only-card,.only-bank{display:none}
form:has([data-shows=card]:checked) .only-card,form:has([data-shows=bank]:checked) .only-bank{display:block}
.given{margin:0 0 1rem;overflow-wrap:anywhere}
button,.button{display:block;width:100%;text-align:center;text-decoration:none;font:inherit;font-weight:600;padding:.8125rem 1rem;border-radius:.5rem;border:1px solid transparent;background:var(--accent);color:var(--on-accent);cursor:pointer;min-height:3rem}
button[aria-disabled=true]{opacity:.6;cursor:progress}
.quiet{background:transparent;color:var(--ink);border-color:var(--edge)}
.small{width:auto;display:inline-block;min-height:2.5rem;padding:.4375rem .875rem;font-size:.9375rem}
.stack{display:grid;gap:.75rem}
.error{background:var(--bad-bg);color:var(--bad);border-radius:.5rem;padding:.75rem 1rem;margin:0 0 1rem;font-weight:500}
.back{text-align:center;margin:1rem 0 0}
details{color:var(--soft);font-size:.875rem;margin-top:1rem}
details code{color:var(--ink);font-size:.875rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.375rem 1.25rem;margin:0}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
.row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.75rem 0;border-top:1px solid var(--line)}
.row:first-of-type{border-top:0}
.row form{display:inline}
.tag{font-size:.8125rem;border:1px solid var(--line);border-radius:1rem;padding:.0625rem .5rem;color:var(--soft)}
@media print{.bar,.back{display:none}}
`;

/** Wraps a hosted page: one stylesheet, no outside files, the sandbox's notice on top. */
export function layout(language: PageLanguage, title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${raw(CSS)}
        </style>
      </head>
      <body>
        <div class="bar">${textsOf(language).testMode}</div>
        ${body}
      </body>
    </html>`;
}

/** A page that says one thing, with at most one way on. */
export function notice(
  language: PageLanguage,
  text: { title: string; text: string },
  link: { href: string; label: string } | null,
): Markup {
  return layout(
    language,
    text.title,
    html`<main class="wrap narrow">
      <div class="panel">
        <h1 class="big">${text.title}</h1>
        <p>${text.text}</p>
        ${link ? html`<a class="button" href="${link.href}">${link.label}</a>` : ''}
      </div>
    </main>`,
  );
}

/** Writes a Unix time as a date of the page's language. */
export function formatDate(seconds: number, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(seconds * 1000);
}
