import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { GetPromptResult, Prompt } from '@modelcontextprotocol/server';
import { findPlace } from '../../domain/places/find-place.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { placeInWords, questionAbout } from './country.ts';
import { productOf } from './lookups.ts';
import { CannotAnswer } from './tool.ts';
import { listed } from './words.ts';

/** How much data somebody uses, in words that people choose among. */
export const uses = ['light', 'normal', 'heavy'] as const;

interface DeclaredPrompt {
  readonly listed: Prompt;
  /** Makes the text. What the caller sent is looked up and said in our words, never copied. */
  text(args: Readonly<Record<string, string>>, view: CatalogView): string;
}

const honesty =
  'Be honest: recommend the least that is enough, say when nothing needs to be bought, and name what the price does not hold (tax). Use only figures from the tools.';

/** The prompts, in a fixed order. */
export const prompts: readonly DeclaredPrompt[] = [
  {
    listed: {
      name: 'recommend_plan',
      title: 'Recommend a plan for a trip',
      description: 'Finds the least that is enough for a trip.',
      arguments: [
        { name: 'destination', description: 'Country or larger city, or several with commas.', required: true },
        { name: 'days', description: 'Length of the trip in days.', required: false },
        { name: 'use', description: `How much data: ${uses.join(', ')}.`, required: false },
      ],
    },
    text: ({ destination = '', days, use }) => {
      const places = destination
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .slice(0, 10)
        .map(destinationInWords);
      const length = /^[1-9]\d{0,2}$/.test(days ?? '') ? `${days ?? ''} days` : 'a length that you ask for';
      const need = uses.find((each) => each === use) ?? 'an amount that you ask about';
      return `Help me choose a DOTM plan for a trip to ${places.length === 0 ? 'a place that you ask for' : listed(places)}, for ${length}, with ${need} data use. First check_coverage, then recommend_trip; ask about my phone and use check_device if I am not sure that it takes an eSIM. When I have chosen, get_quote and give me the link. ${honesty}`;
    },
  },
  {
    listed: {
      name: 'explain_service',
      title: 'Explain a service',
      description: 'Explains one service to somebody who has never heard of it.',
      arguments: [{ name: 'service', description: 'Id or name of the service.', required: true }],
    },
    text: ({ service = '' }, view) => {
      const { id, name } = serviceNamed(view, service);
      return `Explain the DOTM service "${name}" (${id}) in plain words: what it does for a traveller, what it costs, what it needs and who does not need it. Use get_service, and explain_rewards for the reward. ${honesty}`;
    },
  },
  {
    listed: {
      name: 'cost_optimization',
      title: 'Make it cheaper',
      description: 'Looks for a cheaper way to get the same services.',
      arguments: [
        { name: 'services', description: 'Ids or names of the services, with commas.', required: true },
        { name: 'currency', description: 'Currency to pay with, for example USD.', required: false },
      ],
    },
    text: ({ services = '', currency }, view) => {
      const wanted = services
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .slice(0, 10)
        .map((part) => serviceNamed(view, part).id);
      const code = view.currencies.find((each) => each.code === currency?.trim().toUpperCase())?.code;
      return `I use or want these DOTM services: ${wanted.length === 0 ? 'ask me which' : listed(wanted)}. Find the cheapest way to get them${code === undefined ? '' : ` in ${code}`}: use calculate_pricing for each alternative (monthly or annual, with a membership, as a bundle), and compare what a whole year costs. Ask which membership I hold. ${honesty}`;
    },
  },
];

/** Finds a prompt's text. Throws the protocol's error for an unknown name, a missing argument or a service that does not exist. */
export function getPrompt(name: string, args: Readonly<Record<string, string>>, view: CatalogView): GetPromptResult {
  const prompt = prompts.find(({ listed: { name: each } }) => each === name);
  if (!prompt) throw wrong('There is no such prompt: prompts/list names all of them');
  for (const { name: argument, required } of prompt.listed.arguments ?? []) {
    if (required === true && !args[argument]) throw wrong(`The argument ${argument} is missing`);
  }
  const { description } = prompt.listed;
  return {
    ...(description === undefined ? {} : { description }),
    messages: [{ role: 'user', content: { type: 'text', text: prompt.text(args, view) } }],
  };
}

function destinationInWords(text: string): string {
  const answer = findPlace(text);
  if (answer.kind === 'one') return placeInWords(answer.place);
  return `a place to be cleared up first (${questionAbout(answer) ?? ''})`;
}

function serviceNamed(view: CatalogView, text: string): { id: string; name: string } {
  try {
    return productOf(view, text);
  } catch (error) {
    if (error instanceof CannotAnswer) throw wrong(error.message);
    throw error;
  }
}

function wrong(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
