import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { join } from './support/steps.ts';

/** The picture of the sound is drawn from the analyser only for who did not ask for less motion. */
const moving = { reducedMotion: 'no-preference' } as const;

journey(
  'a new member hears the welcome, changes language and voice in the middle, and then a tip waits',
  { screen: 'desktop', language: 'en', context: moving },
  async (visitor) => {
    const { page, say } = visitor;
    const seen: string[] = [];
    const t0 = Date.now();
    for (const kind of ['response', 'requestfailed', 'request'] as const) page.on(kind, (r: any) => { const u = r.url(); if (/welcome|message/.test(u)) process.stderr.write(`DBG ${Date.now() - t0} ${kind} ${u.slice(22, 90)} ${kind === 'response' ? r.status() : ''}\n`); });
    await join(visitor, '/messages');
    const player = page.getByTestId('voice-player');
    await player.getByRole('heading', { name: say('voice.titles.welcome') }).waitFor();
    await page.getByTestId('voice-toggle').click();
    await phase(page, 'playing');
    await shows(() => page.getByTestId('voice-picture').getAttribute('data-signal'), 'true');
    const before = await soundedSeconds(page);
    await shows(async () => (await soundedSeconds(page)) > before, true);

    await page.getByRole('button', { name: say('voice.next'), exact: true }).click();
    await page.getByRole('button', { name: say('voice.next'), exact: true }).click();
    const place = await sentence(page);
    for (const [language, direction] of [
      ['ar', 'rtl'],
      ['th', 'ltr'],
      ['en', 'ltr'],
    ] as const) {
      await page.getByLabel(say('voice.language')).selectOption(language);
      await page.locator(`[data-testid="voice-caption"][lang="${language}"][dir="${direction}"]`).waitFor();
      expect(await sentence(page)).toBe(place);
      await phase(page, 'playing');
      // The voice is another one now, and time has to catch up with it: a sentence on at most.
      await page.getByRole('button', { name: say('voice.previous'), exact: true }).click();
      await page.getByTestId('voice-toggle').click();
      await phase(page, 'paused');
      await page.getByLabel(say('voice.place')).fill(place);
      await page.getByTestId('voice-toggle').click();
      await phase(page, 'playing');
    }
    await page.getByRole('radio', { name: say('voice.voices.ScienceTeacher') }).check();
    await phase(page, 'playing');

    await page.getByRole('radio', { name: say('voice.speedOf', { rate: '1.5' }) }).check();
    await page.getByLabel(say('voice.place')).fill('0');
    await phase(page, 'ended', 60_000);
    await page.getByRole('button', { name: say('voice.nextMessage', { title: say('voice.titles.tip-rewards') }) }).click();
    await player.getByRole('heading', { name: say('voice.titles.tip-rewards') }).waitFor();
    await phase(page, 'playing');
  },
);

function phase(page: Page, name: string, timeout = 60_000): Promise<void> {
  return page.locator(`[data-testid="voice-player"][data-phase="${name}"]`).waitFor({ timeout });
}

async function soundedSeconds(page: Page): Promise<number> {
  const times = await page.locator('audio[data-voice]').evaluateAll((elements) =>
    elements.map((element) => (element as HTMLAudioElement).currentTime),
  );
  return Math.max(...times);
}

function sentence(page: Page): Promise<string> {
  return page.getByLabel('Place in the message').inputValue();
}
