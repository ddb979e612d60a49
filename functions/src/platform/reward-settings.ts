import { fromDecimal } from '../shared/money.ts';

/** What rewards an operator may set. Amounts are decimal strings: a policy can be written as JSON. */
export interface RewardSettings {
  /** The most that a member's purchases earn in a UTC day. */
  dailyCapDotm: string;
  foundingMemberDotm: string;
  /** How many founding members there are. */
  foundingMembers: number;
  newMemberDotm: string;
}

/** Checks the settings of rewards. Throws Error naming the setting that is no amount of DOTM. */
export function readRewardSettings(settings: RewardSettings): RewardSettings {
  const amounts = {
    REWARD_DAILY_CAP_DOTM: settings.dailyCapDotm,
    FOUNDING_MEMBER_DOTM: settings.foundingMemberDotm,
    NEW_MEMBER_DOTM: settings.newMemberDotm,
  };
  for (const [name, value] of Object.entries(amounts)) {
    try {
      if (fromDecimal('DOTM', value) < 0n) throw new RangeError(`${value} is below zero`);
    } catch (cause) {
      throw new Error(`${name} must be a number of DOTM such as 500, got "${value}"`, { cause });
    }
  }
  return settings;
}

/** Below that, a key could be guessed: whoever has it can tell whether an address they know has had a reward. */
const leastLetters = 32;

/** Checks the setting PERSON_KEY. Throws Error, never with the key in it. */
export function readPersonKey(value: string): string {
  const key = value.trim();
  if (key.length < leastLetters) throw new Error(`PERSON_KEY must have at least ${leastLetters} letters`);
  return key;
}
