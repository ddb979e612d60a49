import { minor, subtract, type Amount } from '../../shared/money.ts';

/**
 * What of `earned` a member gets when `before` counts for the day already: never so much that the day comes to more than `cap`. What is
 * above it is not earned, and does not wait for tomorrow. A cap that was lowered in the course of a day takes nothing back.
 */
export function capDaily(earned: Amount<'DOTM'>, day: { cap: Amount<'DOTM'>; before: Amount<'DOTM'> }): Amount<'DOTM'> {
  const room = subtract(day.cap, day.before);
  if (room <= 0n) return minor('DOTM', 0n);
  return earned < room ? earned : room;
}
