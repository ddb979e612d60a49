import type { CatalogView } from '../../shared/api/catalog.ts';
import { formatPrice } from '../../shared/format-amounts.ts';
import { wordsOf } from './words.ts';

/**
 * Writes what AI assistants should know first, in the form that llmstxt.org describes: what this is, where the tools are, what is sold at
 * which price. English: it is read by programs.
 */
export function writeLlms(view: CatalogView, appUrl: string): string {
  const words = wordsOf('en');
  const products = view.products.map((product) => {
    const prices = product.prices.map(
      (price) => `${price.unit} ${formatPrice(price, 'en')} ${words.say(`per.${price.cycle}`)}`,
    );
    const cost = product.billing === 'free' ? 'free' : prices.join(', ');
    const sold = product.sellable || product.billing === 'free' ? '' : ' Not on sale at the moment.';
    return `- [${product.name}](${appUrl}/catalog/products/${product.id}): ${words.productText(product.id)} ${cost}.${sold}`;
  });
  return `# DOTM

> Global eSIM for people who travel and pay with their own money. Connected, or refunded: every paid order ends with an eSIM that is ready, or
> with the money back. Everything below is public. Prices are before tax; never reckon discounts yourself, ask for a price or a quote.

## For assistants

- [MCP server](${appUrl}/mcp): Streamable HTTP, no key needed. Search, compare, coverage, phones, prices, signed quotes, trips, rewards.
- [API description](${appUrl}/api/openapi.json): OpenAPI. \`GET /api/catalog\` is the catalogue, \`POST /api/prices\` a price with its reasons,
  \`POST /api/quotes\` a price that is kept for 30 minutes, with a link to check out.

## For people

- [Catalogue](${appUrl}/catalog): browse and filter by country, kind and currency. English (\`?lang=en\`) and French (\`?lang=fr\`).
- [Build a bundle](${appUrl}/catalog/build): every discount explained, and the price kept.
- [Plan a trip](${appUrl}/catalog/trip): the cheapest that is enough.
- [Phones](${appUrl}/catalog/phone): whether a phone takes an eSIM.

## What is sold (catalogue version ${String(view.version)})

${products.join('\n')}
`;
}

/** Lists the pages for search engines, in both languages. */
export function writeSitemap(view: CatalogView, appUrl: string): string {
  const paths = ['/catalog', '/catalog/build', '/catalog/trip', '/catalog/phone'].concat(
    view.products.map(({ id }) => `/catalog/products/${id}`),
  );
  const entries = paths.flatMap((path) =>
    ['en', 'fr'].map((lang) => `<url><loc>${escapeXml(`${appUrl}${path}?lang=${lang}`)}</loc></url>`),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</urlset>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
