import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/server';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { isCountryCode } from '../../domain/places/country-name.ts';
import { cardUri } from './card-address.ts';
import { discountsInWords, serviceOf } from './service-view.ts';
import type { ToolContext } from './tool.ts';
import { coverageOfCountry } from './tools/check-coverage.ts';

/** What an MCP App's page is sent as. */
const cardType = 'text/html;profile=mcp-app';
const jsonType = 'application/json';

const servicePrefix = 'dotm://services/';
const coveragePrefix = 'dotm://coverage/';

interface FixedResource {
  readonly listed: Resource;
  read(context: ToolContext): unknown;
}

const fixed: readonly FixedResource[] = [
  {
    listed: {
      uri: 'dotm://catalog',
      name: 'catalog',
      title: 'Catalogue',
      description: 'The whole published catalogue, exactly as the API gives it.',
      mimeType: jsonType,
      annotations: { audience: ['assistant'], priority: 0.8 },
    },
    read: ({ view }) => view,
  },
  {
    listed: {
      uri: 'dotm://pricing',
      name: 'pricing',
      title: 'Prices and discounts',
      description:
        'List prices of every service in every currency and cycle, and the discounts in words. For a sum use calculate_pricing.',
      mimeType: jsonType,
      annotations: { audience: ['assistant'], priority: 0.7 },
    },
    read: ({ view }) => ({
      catalogVersion: view.version,
      currencies: view.currencies,
      prices: view.products.flatMap(({ id, name, prices }) => (prices.length > 0 ? [{ id, name, prices }] : [])),
      discounts: discountsInWords(view),
      rules: ['Discounts do not add up: the best one counts.', 'Prices are before tax.'],
    }),
  },
  {
    listed: {
      uri: 'dotm://network-features',
      name: 'network-features',
      title: 'Network features',
      description: 'Features that can be switched on for a line, with prices, defaults and what they need.',
      mimeType: jsonType,
      annotations: { audience: ['assistant'], priority: 0.5 },
    },
    read: (context) => servicesOf(context, ['network_feature', 'communication_feature']),
  },
  {
    listed: {
      uri: 'dotm://memberships',
      name: 'memberships',
      title: 'Memberships',
      description: 'Memberships with prices and what each brings.',
      mimeType: jsonType,
      annotations: { audience: ['assistant'], priority: 0.5 },
    },
    read: (context) => servicesOf(context, ['membership']),
  },
];

const card: Resource = {
  uri: cardUri,
  name: 'card',
  title: 'Comparison and quote card',
  description: 'Shows the answer of compare_plans or get_quote in clients that can show a page (MCP Apps).',
  mimeType: cardType,
};

/** Addresses that are made of a part. */
export const resourceTemplates: readonly ResourceTemplateType[] = [
  {
    uriTemplate: `${servicePrefix}{id}`,
    name: 'service',
    title: 'One service',
    description: 'One service in full, by its id.',
    mimeType: jsonType,
  },
  {
    uriTemplate: `${coveragePrefix}{country}`,
    name: 'coverage',
    title: 'Coverage of a country',
    description:
      'Whether the service works in a country, by its ISO 3166-1 alpha-2 code, for example dotm://coverage/AT.',
    mimeType: jsonType,
  },
];

/** Every resource that can be read as it stands, those that matter most first. */
export function listResources(view: CatalogView): Resource[] {
  return [
    ...fixed.map(({ listed }) => listed),
    card,
    ...view.products.map(({ id, name }) => ({
      uri: `${servicePrefix}${id}`,
      name: id,
      title: name,
      mimeType: jsonType,
    })),
  ];
}

/** Reads a resource. Throws the protocol's error when there is none at this address. */
export async function readResource(uri: string, context: ToolContext): Promise<ReadResourceResult> {
  if (uri === cardUri) {
    const { cardHtml } = await import('./card/page.ts');
    // No origin but its own file: neither scripts nor pictures nor requests come from elsewhere.
    const ui = { csp: { connectDomains: [], resourceDomains: [] }, prefersBorder: true };
    return { contents: [{ uri, mimeType: cardType, text: cardHtml(), _meta: { ui } }] };
  }
  const content = contentAt(uri, context);
  if (content === undefined) throw notFound(uri);
  return { contents: [{ uri, mimeType: jsonType, text: JSON.stringify(content) }] };
}

function contentAt(uri: string, context: ToolContext): unknown {
  const found = fixed.find(({ listed }) => listed.uri === uri);
  if (found) return found.read(context);
  if (uri.startsWith(servicePrefix)) {
    const id = uri.slice(servicePrefix.length);
    const product = context.view.products.find((each) => each.id === id);
    return product && { catalogVersion: context.view.version, ...serviceOf(product, context.appUrl) };
  }
  if (uri.startsWith(coveragePrefix)) {
    const country = uri.slice(coveragePrefix.length);
    if (!isCountryCode(country)) return undefined;
    return { catalogVersion: context.view.version, ...coverageOfCountry(context.view, country) };
  }
  return undefined;
}

function servicesOf({ view, appUrl }: ToolContext, kinds: readonly string[]): unknown {
  const services = view.products.filter(({ kind }) => kinds.includes(kind));
  return {
    catalogVersion: view.version,
    services: services.map((product) => serviceOf(product, appUrl)),
    discounts: discountsInWords({
      ...view,
      bundles: view.bundles.filter(({ kind }) => kinds.includes(kind)),
      memberDiscounts: view.memberDiscounts.filter(({ kind }) => kinds.includes(kind)),
    }),
  };
}

/** An address that holds nothing but small letters can be told back, as the protocol would like; it can hold no number and no e-mail address. */
const harmless = /^[a-z]+:\/\/[a-z/-]{1,80}$/;

function notFound(uri: string): ProtocolError {
  const message = 'There is no such resource: resources/list and resources/templates/list name all of them';
  return harmless.test(uri)
    ? new ResourceNotFoundError(uri, message)
    : new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
