/** Prints what happens as it happens: wall clock, seconds since the beginning, and what. */
export class Timeline {
  readonly #startedAt = Date.now();

  constructor(title: string) {
    process.stdout.write(`\n${title}\n${'-'.repeat(title.length)}\n`);
  }

  /** Prints one thing that happened now. */
  say(text: string): void {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${new Date().toLocaleTimeString('en-GB')}  ${seconds} s  ${text}\n`);
  }

  /** Prints lines that belong to the one before. */
  show(text: string): void {
    const indent = ' '.repeat(20);
    process.stdout.write(
      `${text
        .split('\n')
        .map((line) => (line === '' ? '' : indent + line))
        .join('\n')}\n`,
    );
  }
}
