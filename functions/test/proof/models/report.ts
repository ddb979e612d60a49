import fc from 'fast-check';

const isFull = process.env['PROOF'] === 'full';

/**
 * Checks a property over so many random histories. The seed comes from the clock, so that each run tries others; PROOF_SEED repeats one.
 * A failing history is shrunk, and the error names the seed and what is left of it.
 */
export async function runs<T>(
  property: fc.IAsyncProperty<T>,
  count: { short: number; full: number },
): Promise<{ seed: number }> {
  const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 2 ** 31);
  // Each step of shrinking runs a whole history again; past a minute the counterexample is small enough to read.
  const interruptAfterTimeLimit = isFull ? 3_000_000 : 150_000;
  await fc.assert(property, {
    seed,
    numRuns: isFull ? count.full : count.short,
    interruptAfterTimeLimit,
    markInterruptAsFailure: false,
    endOnFailure: false,
  });
  return { seed };
}

/** Prints the figures of a campaign in one line. */
export function report(campaign: string, figures: Record<string, string | number>): void {
  const words = Object.entries(figures).map(([name, value]) => `${name} ${String(value)}`);
  console.log(`models: ${campaign}: ${words.join(', ')}`);
}
