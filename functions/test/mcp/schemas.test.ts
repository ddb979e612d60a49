import { describe, expect, it } from 'vitest';
import { publishedCatalog } from '../support/mcp-server.ts';
import { prompts } from '../../src/public/mcp/prompts.ts';
import { listResources, resourceTemplates } from '../../src/public/mcp/resources.ts';
import { tools } from '../../src/public/mcp/tools/index.ts';

const asFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe.each(tools.map(({ listed }) => [listed.name, listed] as const))('tool %s', (name, listed) => {
  it('is what its snapshot says: no interface changes in silence', async () => {
    await expect(asFile(listed)).toMatchFileSnapshot(`snapshots/${name}.snap`);
  });

  it('says when to use it, and what each argument is', () => {
    expect(listed.description).toMatch(/\bUse it\b/);
    const properties = Object.entries(listed.inputSchema.properties ?? {}) as [string, { description?: string }][];
    for (const [argument, { description }] of properties) {
      // A list of words that explain themselves needs no sentence.
      if (argument !== 'kind') expect(description ?? '', argument).not.toBe('');
    }
  });

  it('carries all four annotations: it reads, destroys nothing, may be repeated, and asks nobody outside', () => {
    expect(listed.annotations).toEqual({
      title: listed.title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
  });
});

it('resources, templates and prompts are what their snapshot says', async () => {
  const all = {
    resources: listResources(publishedCatalog),
    resourceTemplates,
    prompts: prompts.map(({ listed }) => listed),
  };
  await expect(asFile(all)).toMatchFileSnapshot('snapshots/resources-and-prompts.snap');
});
