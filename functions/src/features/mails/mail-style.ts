import { raw } from 'hono/html';

/** The identity of the web app (hosting/src/styles/tokens.css) as mails need it: colours by value, one set for each scheme. */
export const light = {
  paper: '#f6f5f1',
  surface: '#ffffff',
  sunken: '#eceae3',
  ink: '#10131f',
  inkSoft: '#525868',
  line: '#dedbd1',
  lineStrong: '#84889a',
  accent: '#1f35d6',
  accentSoft: '#e7eafd',
  sun: '#ffb52e',
} as const;

const dark = {
  paper: '#0b0e17',
  surface: '#141927',
  sunken: '#0f1320',
  ink: '#f2f3f7',
  inkSoft: '#a8aec0',
  line: '#272e40',
  lineStrong: '#737b92',
  accent: '#3f58ff',
  accentSoft: '#1a2450',
} as const;

const rules = [
  `.paper{background:${dark.paper}!important}`,
  `.surface{background:${dark.surface}!important;border-color:${dark.line}!important}`,
  `.ink{color:${dark.ink}!important}`,
  `.soft{color:${dark.inkSoft}!important}`,
  `.rule{border-color:${dark.line}!important}`,
  `.code{background:${dark.sunken}!important}`,
  `.callout{background:${dark.accentSoft}!important}`,
  `.main{background:${dark.accent}!important;border-color:${dark.accent}!important;color:#ffffff!important}`,
  `.outline{border-color:${dark.lineStrong}!important}`,
];

/** Made of constants only, so it is not escaped. Outlook.com marks dark mode with an attribute instead of the media query. */
export const darkStyle = raw(
  `<style>:root{color-scheme:light dark;supported-color-schemes:light dark}` +
    `@media (prefers-color-scheme:dark){${rules.join('')}}` +
    rules.map((rule) => `[data-ogsc] ${rule}`).join('') +
    `@media (max-width:480px){.side{padding-left:20px!important;padding-right:20px!important}}</style>`,
);
