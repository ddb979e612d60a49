import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { voiceMessageIds } from '../../../functions/src/shared/voice.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { hearElsewhere } from './support/other-device.ts';
import { join, signInAsOperator } from './support/steps.ts';
import type { Visitor } from './support/visitor.ts';

/** The picture of the sound is drawn from the analyser only for who did not ask for less motion. */
const moving = { reducedMotion: 'no-preference' } as const;

journey(
  'a new member hears the welcome, changes language and voice in the middle, and then a tip waits',
  { screen: 'desktop', language: 'en', context: moving },
  async (visitor) => {
    const { page, say } = visitor;
    await join(visitor, '/messages');
    await opened(visitor, 'welcome');
    await page.getByTestId('voice-toggle').click();
    await phase(page, 'playing');
    await shows(() => page.getByTestId('voice-picture').getAttribute('data-signal'), 'true');
    const before = await soundedSeconds(page);
    await shows(async () => (await soundedSeconds(page)) > before, true);

    await goTo(visitor, 2);
    for (const [language, direction] of [
      ['ar', 'rtl'],
      ['th', 'ltr'],
      ['en', 'ltr'],
    ] as const) {
      await page.getByLabel(say('voice.language')).selectOption(language);
      await page.locator(`[data-testid="voice-caption"][lang="${language}"][dir="${direction}"]`).waitFor();
      expect(await sentence(visitor)).toBe(2);
      await phase(page, 'playing');
      await goTo(visitor, 2);
    }
    await page.getByRole('radio', { name: say('voice.voices.ScienceTeacher') }).check();
    await phase(page, 'playing');
    expect(await sentence(visitor)).toBeGreaterThanOrEqual(2);

    await hearAll(visitor);
    const next = say('voice.nextMessage', { title: say('voice.titles.tip-rewards') });
    await page.getByRole('button', { name: next }).click();
    await opened(visitor, 'tip-rewards');
    await phase(page, 'playing');
  },
);

journey(
  'a new member hears the welcome, then a tip, the others on another device, and then an update',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    await join(visitor, '/messages');
    const [tip = 'welcome', ...others] = voiceMessageIds.filter((id) => id.startsWith('tip'));
    await opened(visitor, 'welcome');
    await page.getByTestId('voice-toggle').click();
    await hearAll(visitor);
    await page.getByRole('button', { name: say('voice.nextMessage', { title: say(`voice.titles.${tip}`) }) }).click();
    await opened(visitor, tip);
    await hearAll(visitor);
    await hearElsewhere(visitor, others);
    await page.reload();
    await opened(visitor, 'update-languages');
    await page.getByTestId('voice-toggle').click();
    await hearAll(visitor);
  },
);

journey(
  'a message goes on playing from room to room, remembers its place, and is heard again without network',
  { screen: 'phone', language: 'fr' },
  async (visitor) => {
    const { page, say, context } = visitor;
    await join(visitor, '/esim');
    await page
      .getByTestId('voice-card')
      .getByRole('button', { name: say('voice.play') })
      .click();
    const dock = page.getByTestId('voice-dock');
    await dock.and(page.locator('[data-phase="playing"]')).waitFor();
    await page
      .getByRole('navigation', { name: say('nav.tabs') })
      .getByRole('link', { name: say('nav.orders') })
      .click();
    await page.getByRole('heading', { level: 1, name: say('orders.title') }).waitFor();
    await dock.and(page.locator('[data-phase="playing"]')).waitFor();
    await dock.getByRole('link').click();
    await phase(page, 'playing');
    await goTo(visitor, 3);
    await page.getByTestId('voice-toggle').click();
    await phase(page, 'paused');

    // Told to the server, the place is with it alone: what this device keeps of the message is older.
    await shows(() => reportsKept(visitor), 0);
    await page.reload();
    await shows(() => sentence(visitor), 3);
    await goTo(visitor, 0);
    await page.getByTestId('voice-toggle').click();
    await hearAll(visitor);

    await offlineReady(visitor);
    visitor.expectComplaint(/ERR_INTERNET_DISCONNECTED|Failed to load resource|Could not reach Cloud Firestore/);
    await context.setOffline(true);
    await page.reload();
    await page.getByText(say('offline.banner')).waitFor();
    const replay = page.getByRole('button', { name: `${say('voice.replay')}: ${say('voice.titles.welcome')}` });
    await replay.click();
    await phase(page, 'playing');
    const before = await soundedSeconds(page);
    await shows(async () => (await soundedSeconds(page)) > before, true);
  },
);

journey(
  'an operator has the texts recorded and sees how far it is',
  { screen: 'desktop', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    await signInAsOperator(visitor);
    await page.getByRole('radio', { name: say('operations.part.voices') }).check();
    await page.getByRole('button', { name: say('voices.record'), exact: true }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('voices.recordNow') })
      .click();
    await page.getByRole('progressbar').first().waitFor();
    await page
      .getByRole('button', { name: say('voices.byLanguage') })
      .first()
      .click();
    await page.getByRole('cell', { name: 'French' }).first().waitFor();
  },
);

/** Waits until the player has a message. */
async function opened({ page, say }: Visitor, id: (typeof voiceMessageIds)[number]): Promise<void> {
  const title = say(`voice.titles.${id}`);
  await page.getByTestId('voice-player').getByRole('heading', { name: title }).waitFor();
}

function phase(page: Page, name: string): Promise<void> {
  return page.locator(`[data-testid="voice-player"][data-phase="${name}"]`).waitFor({ timeout: 60_000 });
}

/** How far the element that sounds is in its clip. */
async function soundedSeconds(page: Page): Promise<number> {
  const times = await page
    .locator('audio[data-voice]')
    .evaluateAll((elements) => elements.map((element) => ('currentTime' in element ? Number(element.currentTime) : 0)));
  return Math.max(...times);
}

async function sentence({ page, say }: Visitor): Promise<number> {
  return Number(await page.getByLabel(say('voice.place')).inputValue());
}

/** How many kept lists of reports wait on this device to be told. */
function reportsKept({ page }: Visitor): Promise<number> {
  return page.evaluate(`Object.keys(localStorage).filter((key) => key.endsWith('.voice.reports')).length`);
}

async function goTo({ page, say }: Visitor, index: number): Promise<void> {
  await page.getByLabel(say('voice.place')).fill(String(index));
}

/** Hears what is open from its beginning to its end, quickly. */
async function hearAll(visitor: Visitor): Promise<void> {
  const { page, say, visit } = visitor;
  const rate = new Intl.NumberFormat(visit.language).format(1.5);
  await page.getByRole('radio', { name: say('voice.speedOf', { rate }) }).check();
  await goTo(visitor, 0);
  await phase(page, 'ended');
}

/** Waits until this device has what it needs: the app's files and its configuration in the worker's caches. */
async function offlineReady({ page }: Visitor): Promise<void> {
  const kept = `(async () => {
    const precache = (await caches.keys()).find((name) => name.includes('precache'));
    const files = precache === undefined ? [] : await (await caches.open(precache)).keys();
    return files.length > 10 && (await caches.match('/config.json')) !== undefined;
  })()`;
  await shows(() => page.evaluate(kept), true);
}
