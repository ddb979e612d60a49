import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

const firebase = { apiKey: 'k', authDomain: 'd', projectId: 'p' };

test('production follows live without saying so', () => {
  expect(parseConfig({ firebase })).toMatchObject({ liveUpdates: true, emulators: null, appCheckSiteKey: null });
});

test('a local world without a Firestore emulator asks by REST instead', () => {
  const emulators = { auth: 'http://127.0.0.1:9099', firestore: null };
  expect(parseConfig({ firebase, emulators }).liveUpdates).toBe(false);
  expect(parseConfig({ firebase, emulators: { ...emulators, firestore: '127.0.0.1:8080' } }).liveUpdates).toBe(true);
});

test('a broken configuration is refused by name', () => {
  expect(() => parseConfig({ firebase: { apiKey: 'k' } })).toThrow(/authDomain/);
});
