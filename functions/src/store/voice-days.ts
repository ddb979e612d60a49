import type { Queryable, Tx } from '../platform/db.ts';

/** Credits of a day (UTC). */
export interface VoiceDay {
  day: string;
  reserved: number;
  spent: number;
  lost: number;
  clips: number;
  recovered: number;
}

/** The day of a moment, as the budget counts: UTC. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}

/** Seconds until the budget of the next day. */
export function secondsToNextDay(now: Date): number {
  const dayMs = 86_400_000;
  return Math.ceil((dayMs - (now.getTime() % dayMs)) / 1000) + 1;
}

/** Holds `credits` of a day's budget. Returns false when the day has not enough left. */
export async function reserveCredits(tx: Tx, day: string, credits: number, dailyCredits: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into voice_day as d (day, reserved) select $1::date, $2::int where $2::int <= $3::int
     on conflict (day) do update set reserved = d.reserved + excluded.reserved
     where d.reserved + d.spent + d.lost + excluded.reserved <= $3::int`,
    [day, credits, dailyCredits],
  );
  return rowCount === 1;
}

/** Gives back what is held of a day's budget, and books what became of it. */
export async function settleCredits(
  tx: Tx,
  reserved: { day: string; credits: number },
  booked: { spent?: number; lost?: number; clips?: number; recovered?: number },
): Promise<void> {
  await tx.query(
    `update voice_day set reserved = greatest(0, reserved - $2), spent = spent + $3, lost = lost + $4, clips = clips + $5,
       recovered = recovered + $6 where day = $1`,
    [reserved.day, reserved.credits, booked.spent ?? 0, booked.lost ?? 0, booked.clips ?? 0, booked.recovered ?? 0],
  );
}

/** The last days, newest first. */
export async function listVoiceDays(db: Queryable, limit: number): Promise<VoiceDay[]> {
  const { rows } = await db.query<VoiceDay>(
    'select day::text as day, reserved, spent, lost, clips, recovered from voice_day order by day desc limit $1',
    [limit],
  );
  return rows;
}
