/** The time of day, passed in so that tests and the crash harness can move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
