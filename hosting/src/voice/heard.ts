/** This share of a segment must really have sounded for it to count as heard: a hand-over may come a breath early. */
const heardShare = 0.9;

/** A stretch of a segment, in seconds. */
type Stretch = readonly [from: number, to: number];

/** Adds a stretch to others that do not meet, and keeps it so. */
export function addStretch(stretches: readonly Stretch[], added: Stretch): Stretch[] {
  let [from, to] = added;
  const apart: Stretch[] = [];
  for (const stretch of stretches) {
    if (stretch[1] < from || stretch[0] > to) apart.push(stretch);
    else [from, to] = [Math.min(from, stretch[0]), Math.max(to, stretch[1])];
  }
  return [...apart, [from, to] as const].sort((one, other) => one[0] - other[0]);
}

/**
 * Notes what has really sounded of a message, segment by segment. Skipping to the end of a sentence is not hearing it, and hearing the
 * same word twice is not hearing two.
 */
export class Heard {
  private readonly whole: Set<number>;
  private readonly parts = new Map<number, Stretch[]>();

  constructor(segments: readonly number[]) {
    this.whole = new Set(segments);
  }

  /** Notes that a segment of a length sounded from one moment to another. True when that made it heard. */
  add(segment: number, from: number, to: number, length: number): boolean {
    if (this.whole.has(segment) || to <= from) return false;
    const stretches = addStretch(this.parts.get(segment) ?? [], [from, to]);
    this.parts.set(segment, stretches);
    const sounded = stretches.reduce((sum, [begin, end]) => sum + Math.min(end, length) - Math.min(begin, length), 0);
    if (sounded < length * heardShare) return false;
    this.whole.add(segment);
    this.parts.delete(segment);
    return true;
  }

  /** Forgets half-heard segments: in another language the halves do not add up. */
  forgetParts(): void {
    this.parts.clear();
  }

  /** Takes over what was heard elsewhere. */
  include(segments: readonly number[]): void {
    segments.forEach((segment) => this.whole.add(segment));
  }

  /** The segments that were heard, in order. */
  get segments(): number[] {
    return [...this.whole].sort((one, other) => one - other);
  }
}
