import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Locale } from '../../../../functions/src/shared/locale.ts';
import { stateDirOf } from '../../../settings.ts';
import { testWorld } from '../../test-world.ts';
import { PATIENCE_MS } from './eventually.ts';
import { sayIn } from './words.ts';
import type { Say } from './words.ts';

/** The screens of the promise: one in the hand, one on the desk. */
export const SCREENS = {
  phone: {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const satisfies Record<string, BrowserContextOptions>;

/** On what and in which language somebody visits. */
export interface Visit {
  readonly screen: keyof typeof SCREENS;
  readonly language: Locale;
  readonly colors?: 'light' | 'dark';
  /** Overrides of the browser context, such as another width. */
  readonly context?: BrowserContextOptions;
}

/** Somebody in front of a browser of their own: nothing is shared with other visitors but the world. */
export interface Visitor {
  readonly visit: Visit;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly say: Say;
  /** The address this visitor signs up with; nobody else has it. */
  readonly email: string;
  readonly password: string;
  /** What the browser complained about since the start: errors in the console and uncaught ones. */
  readonly complaints: string[];
  /** Opens a path of the web app. */
  goto(path: string): Promise<void>;
  /** Says that complaints that match are part of this journey (a page that must not be found, a network that is off). */
  expectComplaint(pattern: RegExp): void;
  /** Saves screenshot, address, texts and console for whoever looks into a failure. */
  keepEvidence(name: string): Promise<void>;
}

let count = 0;

/** Opens a fresh browser profile. The caller closes `context`. */
export async function openVisitor(browser: Browser, visit: Visit): Promise<Visitor> {
  const { urls } = testWorld();
  const context = await browser.newContext({
    ...SCREENS[visit.screen],
    // Canadian French: the currency of a new member follows the browser's country.
    locale: visit.language === 'fr' ? 'fr-CA' : 'en-US',
    timezoneId: 'UTC',
    colorScheme: visit.colors ?? 'light',
    // A page that is still moving cannot be measured for contrast, nor clicked without waiting.
    reducedMotion: 'reduce',
    baseURL: urls.web,
    ...visit.context,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const console: string[] = [];
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  const complain = (line: string): void => {
    if (!expected.some((pattern) => pattern.test(line))) complaints.push(line);
  };
  context.on('console', (message) => {
    const line = `${message.type()}: ${message.text()} (${message.location().url})`;
    console.push(line);
    if (message.type() === 'error' && isOurs(message.location().url)) complain(line);
  });
  context.on('weberror', (error) => complain(`uncaught: ${error.error().stack ?? error.error().message}`));
  const page = await context.newPage();
  count += 1;
  return {
    visit,
    context,
    page,
    say: sayIn(visit.language),
    email: `visitor-${Date.now().toString(36)}-${String(count)}@example.com`,
    password: 'correct horse battery',
    complaints,
    goto: async (to) => void (await page.goto(to)),
    expectComplaint: (pattern) => void expected.push(pattern),
    keepEvidence: (name) => keepEvidence(name, page, console),
  };
}

/** The payment page stands for another company's: what its answers print into the console is not ours to mend. */
function isOurs(url: string): boolean {
  return url === '' || url.startsWith(testWorld().urls.web);
}

async function keepEvidence(name: string, page: Page, console: readonly string[]): Promise<void> {
  const folder = path.join(stateDirOf('test'), 'artifacts');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name.replace(/[^a-z0-9]+/gi, '-').slice(0, 120));
  await page.screenshot({ path: `${file}.png`, fullPage: true, timeout: 10_000 }).catch(() => undefined);
  const texts = await page
    .locator('body')
    .ariaSnapshot({ timeout: 5_000 })
    .catch(() => 'the page could not be read');
  await writeFile(`${file}.txt`, [page.url(), '', texts, '', ...console].join('\n'));
}
