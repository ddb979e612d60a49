/**
 * Keeps the product's own log out of a campaign's report: a long one writes a hundred megabytes of it. Everything else is written as it
 * comes. Returns what lets the log through again.
 */
export function quietLog(): () => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]) =>
    typeof chunk === 'string' && chunk.startsWith('{"severity":') ? true : write(chunk, ...rest);
  return () => {
    process.stdout.write = write;
  };
}
