import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, isListening } from './net.ts';

describe('a free port', () => {
  it('is outside of what systems hand out by themselves, and takes a listener', async () => {
    const port = await freePort();
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
    expect(await isListening(port)).toBe(false);

    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isListening(port)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });
});
