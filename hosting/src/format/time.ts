import type { Locale } from '../../../functions/src/shared/locale.ts';

/** Writes day and time in the reader's zone: "Nov 22, 9:41 PM". */
export function formatMoment(iso: string | number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** Writes a day: "November 22, 2026". */
export function formatDay(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(iso));
}

/** Writes a day of the calendar ("2026-11-22"), which is the same day everywhere: "Nov 22, 2026". */
export function formatCalendarDay(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/** Writes a time of day: "9:41 PM". */
export function formatClock(iso: string | number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso));
}

/** Writes what is left until `deadline` as minutes and seconds ("29:05"); never below "0:00". */
export function formatCountdown(deadline: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((Date.parse(deadline) - nowMs) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The share of the time that is left, from 0 to 1. */
export function shareLeft(startedMs: number, deadlineMs: number, nowMs: number): number {
  if (deadlineMs <= startedMs) return 0;
  return Math.min(1, Math.max(0, (deadlineMs - nowMs) / (deadlineMs - startedMs)));
}
