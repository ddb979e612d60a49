import { z } from 'zod';
import type { CallToolResult, Tool as ListedTool, ToolAnnotations } from '@modelcontextprotocol/server';
import type { PricingCatalog } from '../../domain/pricing/catalog.ts';
import type { TaxNote } from '../../domain/pricing/view-price.ts';
import type { QuoteKey } from '../../platform/quotes/quote-keys.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import { cardUri } from './card-address.ts';
import { problemsInWords } from './problems.ts';

/** What a tool works with. Nothing in it knows who asks. */
export interface ToolContext {
  readonly view: CatalogView;
  readonly pricing: PricingCatalog;
  /** Public address of the web app, without a slash at the end. */
  readonly appUrl: string;
  readonly now: Date;
  readonly taxNote: TaxNote;
  /** Read when a quote is signed, and by nothing else. Throws where QUOTE_KEYS is not set up. */
  readonly quoteKeys: () => readonly [QuoteKey, ...QuoteKey[]];
}

/**
 * What was asked for can't be answered: the message tells an assistant what to do instead. It is made of our own words and of what the
 * catalogue holds, never of what the caller sent: whatever that was, it must not come back.
 */
export class CannotAnswer extends Error {}

/** A tool as the server sees it. */
export interface Tool {
  readonly listed: ListedTool;
  /** Arguments that get an answer: shown to an assistant whose own were wrong, and called by the tests. */
  readonly example: Readonly<Record<string, unknown>>;
  call(args: unknown, context: ToolContext): Promise<CallToolResult>;
}

/**
 * All tools read public data and change nothing. All four hints are set, because the protocol's defaults are the dangerous ones. The world
 * is closed: answers come from one catalogue and two tables of ours.
 */
const annotations: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/**
 * Declares a tool. Its schemas become JSON Schema here, once for each process. The structured answer begins with `summary`, which says the
 * same in words, and is mirrored as text for clients that read no structured content.
 */
export function declareTool<Input extends z.ZodObject, Output extends z.ZodObject<{ summary: z.ZodString }>>(tool: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly example: z.input<Input>;
  /** Whether the answer can be shown as a card by a client that shows such. */
  readonly card?: boolean;
  readonly run: (input: z.output<Input>, context: ToolContext) => z.input<Output> | Promise<z.input<Output>>;
}): Tool {
  return {
    listed: {
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: jsonSchema(tool.input, 'input'),
      outputSchema: jsonSchema(tool.output, 'output'),
      annotations: { title: tool.title, ...annotations },
      // The second form is the one that older hosts read.
      ...(tool.card ? { _meta: { ui: { resourceUri: cardUri }, 'ui/resourceUri': cardUri } } : {}),
    },
    example: tool.example,
    async call(args, context) {
      const parsed = tool.input.safeParse(args ?? {});
      if (!parsed.success) return cannot(problemsInWords(parsed.error, tool.input, tool.example));
      try {
        const answer = await tool.run(parsed.data, context);
        return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
      } catch (error) {
        if (error instanceof CannotAnswer) return cannot(error.message);
        // The pricing engine's refusals name products, currencies and countries of the catalogue, which the tools have looked up before.
        if (error instanceof CodedError && refusals.has(error.code)) return cannot(`${error.message}.`);
        throw error;
      }
    },
  };
}

const refusals: ReadonlySet<string> = new Set([
  'request.invalid',
  'catalog.product_unavailable',
  'order.mixed_billing',
]);

function cannot(message: string): CallToolResult {
  return { content: [{ type: 'text', text: message }], isError: true };
}

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): ListedTool['inputSchema'] {
  const { type: _type, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, reused: 'inline' });
  return { type: 'object', ...rest } as ListedTool['inputSchema'];
}
