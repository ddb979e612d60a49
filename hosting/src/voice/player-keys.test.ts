import { expect, test } from 'vitest';
import { deedOfKey } from './player-keys.ts';

const plain = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const room = { isControl: false, isTyping: false, isInPlayer: false };
const inPlayer = { ...room, isInPlayer: true };

test('space plays and pauses, except on a button, which it presses', () => {
  expect(deedOfKey({ key: ' ', ...plain }, room)).toBe('toggle');
  expect(deedOfKey({ key: ' ', ...plain }, { ...inPlayer, isControl: true })).toBe(null);
});

test('arrows and the letters J, K and L go by sentence; letters only inside the player', () => {
  expect(['ArrowLeft', 'ArrowRight'].map((key) => deedOfKey({ key, ...plain }, room))).toEqual(['previous', 'next']);
  expect(['j', 'k', 'L'].map((key) => deedOfKey({ key, ...plain }, inPlayer))).toEqual(['previous', 'toggle', 'next']);
  expect(['j', 'k', 'l'].map((key) => deedOfKey({ key, ...plain }, room))).toEqual([null, null, null]);
});

test('a shortcut of the browser stays the browser’s, and typing stays typing', () => {
  expect(deedOfKey({ key: 'ArrowLeft', ...plain, altKey: true }, room)).toBe(null);
  expect(deedOfKey({ key: 'l', ...plain, ctrlKey: true }, inPlayer)).toBe(null);
  expect(deedOfKey({ key: 'ArrowLeft', ...plain }, { ...inPlayer, isTyping: true })).toBe(null);
});
