import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { quoteOf } from '../../domain/pricing/quote.ts';
import type { TaxNote } from '../../domain/pricing/view-price.ts';
import type { QuoteKey } from '../../platform/quotes/quote-keys.ts';
import { signQuote } from '../../platform/quotes/sign-quote.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import type { CallLimit } from '../call-limit.ts';
import type { CatalogSource } from '../catalog-source.ts';
import { priceWish, readBasket } from './basket-wish.ts';
import { drawBrowse } from './browse-page.ts';
import { drawBuild, drawPriceOf, type BuildScene } from './build-page.ts';
import { drawPage, drawProblem, type Html, type PageFrame } from './layout.ts';
import { writeLlms, writeSitemap } from './llms.ts';
import { drawPhone } from './phone-page.ts';
import { drawProduct, productFactsForMachines } from './product-page.ts';
import { drawTrip } from './trip-page.ts';
import { readWish, type Wish } from './wish.ts';
import { chooseLocale, isLocale, wordsOf } from './words.ts';

/** What the pages are made with. */
export interface PagesWorld {
  readonly appUrl: string;
  readonly catalog: CatalogSource;
  /** What the pages say about tax. */
  readonly taxNote: TaxNote;
  readonly quoteKeys: () => readonly [QuoteKey, ...QuoteKey[]];
  /** Bounds how often one client has a price signed. */
  readonly limit: CallLimit;
  readonly now: () => Date;
  /** Hears what went wrong here. */
  readonly failed: (error: unknown) => void;
}

/** A price that changed shows within two minutes: one here, one in the CDN. A quote that was given meanwhile holds anyway. */
const caching = 'public, max-age=60';
/** The catalogue's source is asked again about then. */
const retryAfterSeconds = 30;
/** A form with everything picked has less than a tenth of it. */
const mostFormBytes = 16 * 1024;

/** What comes with a request besides it. */
export interface PagesBindings {
  /** Who calls, for counting only. */
  readonly client: string;
}

type PagesContext = Context<{ Bindings: PagesBindings }>;

const securityHeaders: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  strictTransportSecurity: 'max-age=63072000; includeSubDomains; preload',
  referrerPolicy: 'strict-origin-when-cross-origin',
  xFrameOptions: 'DENY',
};

/** Makes the pages of the catalogue: HTML for people, facts for search engines, llms.txt for assistants. */
export function pagesApp(world: PagesWorld): Hono<{ Bindings: PagesBindings }> {
  const { appUrl, catalog, taxNote } = world;
  const app = new Hono<{ Bindings: PagesBindings }>();
  app.use(secureHeaders(securityHeaders));
  app.get('*', etag());

  const page = (
    c: PagesContext,
    draw: (view: CatalogView, wish: Wish) => Omit<PageFrame, 'wish' | 'path' | 'appUrl'>,
  ): Promise<Response> =>
    withCatalog(c, async (view, wish) => {
      const frame = { ...draw(view, wish), wish, path: c.req.path, appUrl };
      return sendHtml(c, drawPage(frame));
    });
  const withCatalog = async (
    c: PagesContext,
    answer: (view: CatalogView, wish: Wish) => Promise<Response>,
  ): Promise<Response> => {
    const view = await catalog.current();
    return answer(view, readWish(view, new URL(c.req.url).searchParams, c.req.header('accept-language') ?? ''));
  };

  app.get('/catalog', (c) =>
    page(c, (view, wish) => {
      const words = wordsOf(wish.locale);
      const body = drawBrowse(view, wish, words);
      return {
        title: words.say('catalog.title'),
        description: words.say('catalog.intro'),
        indexed: isPlain(wish),
        body,
      };
    }),
  );
  app.get('/catalog/products/:id', (c) =>
    withCatalog(c, async (view, wish) => {
      const product = view.products.find(({ id }) => id === c.req.param('id'));
      if (!product) return problem(c, 'notFound', 404);
      const words = wordsOf(wish.locale);
      const body = drawProduct(view, product, wish, words);
      const facts = productFactsForMachines(product, words, appUrl);
      const about = { title: words.productName(product), description: words.productText(product.id) };
      return sendHtml(c, drawPage({ ...about, indexed: isPlain(wish), facts, body, wish, path: c.req.path, appUrl }));
    }),
  );
  app.get('/catalog/build', async (c) => {
    if (c.req.query('part') !== 'price') {
      return page(c, (view, wish) => {
        const scene = sceneOf(view, wish, taxNote);
        const { words } = scene;
        const about = { title: words.say('build.title'), description: words.say('build.intro') };
        return { ...about, indexed: isPlain(wish), body: drawBuild(scene) };
      });
    }
    return withCatalog(c, (view, wish) => sendHtml(c, drawPriceOf(sceneOf(view, wish, taxNote))));
  });
  app.get('/catalog/trip', (c) =>
    page(c, (view, wish) => {
      const words = wordsOf(wish.locale);
      const about = { title: words.say('trip.title'), description: words.say('trip.intro') };
      return { ...about, indexed: isPlain(wish), body: drawTrip(view, wish, words) };
    }),
  );
  app.get('/catalog/phone', (c) =>
    page(c, (_view, wish) => {
      const words = wordsOf(wish.locale);
      const about = { title: words.say('phone.title'), description: words.say('phone.intro') };
      return { ...about, indexed: isPlain(wish), body: drawPhone(wish, words) };
    }),
  );
  app.post(
    '/catalog/quote',
    bodyLimit({ maxSize: mostFormBytes, onError: (c: PagesContext) => problem(c, 'failed', 413) }),
    async (c) => {
      const seconds = world.limit.take(c.env.client);
      if (seconds > 0) return problem(c, 'limited', 429, seconds);
      const view = await catalog.current();
      const form = new URLSearchParams(await c.req.text());
      c.header('Cache-Control', 'private, no-store');
      return c.redirect(await checkoutAddress(world, view, form, c.req.header('accept-language') ?? ''), 303);
    },
  );
  app.get('/llms.txt', (c) =>
    withCatalog(c, async (view) => c.text(writeLlms(view, appUrl), 200, { 'Cache-Control': caching })),
  );
  app.get('/sitemap.xml', (c) =>
    withCatalog(c, async (view) =>
      c.body(writeSitemap(view, appUrl), 200, {
        'Cache-Control': caching,
        'Content-Type': 'application/xml; charset=UTF-8',
      }),
    ),
  );

  const problem = async (
    c: PagesContext,
    kind: Parameters<typeof drawProblem>[1],
    status: 404 | 413 | 429 | 500 | 503,
    seconds?: number,
  ): Promise<Response> => {
    const query = new URL(c.req.url).searchParams;
    const lang = query.get('lang');
    const named = isLocale(lang) ? lang : null;
    const locale = named ?? chooseLocale(c.req.header('accept-language') ?? '');
    const wish = { locale, lang: named, currency: '' as Wish['currency'], country: null, query: new URLSearchParams() };
    const drawn = await drawProblem({ wish, path: '/catalog', appUrl }, kind);
    if (seconds !== undefined) c.header('Retry-After', String(seconds));
    return c.html(drawn, status, { 'Cache-Control': 'private, no-store' });
  };
  app.notFound((c) => problem(c, 'notFound', 404));
  app.onError((error, c) => {
    if (error instanceof CodedError && error.code === 'vendor.unavailable')
      return problem(c, 'unavailable', 503, retryAfterSeconds);
    world.failed(error);
    return problem(c, 'failed', 500);
  });
  return app;
}

function sceneOf(view: CatalogView, wish: Wish, taxNote: TaxNote): BuildScene {
  const basket = readBasket(view, wish.query);
  return { view, wish, basket, answer: priceWish(view, basket, wish, taxNote), words: wordsOf(wish.locale) };
}

/** A page is for search engines as it comes; not with what somebody chose on it. */
function isPlain({ query }: Wish): boolean {
  return [...query.keys()].every((name) => name === 'lang');
}

async function sendHtml(c: PagesContext, drawn: Html): Promise<Response> {
  return c.html(await drawn, 200, { 'Cache-Control': caching, Vary: 'Accept-Language' });
}

/** Signs the price of a form and says where it is paid; what has no price that can be paid goes back to its page, which says why. */
async function checkoutAddress(
  world: PagesWorld,
  view: CatalogView,
  form: URLSearchParams,
  acceptLanguage: string,
): Promise<string> {
  const wish = readWish(view, form, acceptLanguage);
  const basket = readBasket(view, form);
  const answer = priceWish(view, basket, wish, world.taxNote);
  if (answer.kind !== 'priced' || !answer.payable) return `/catalog/build?${form.toString()}`;
  const asked = { country: wish.country, membershipId: basket.membershipId, promotionCode: null };
  const token = await signQuote(world.quoteKeys(), quoteOf(answer.priced, asked, world.now()));
  const lang = wish.lang === null ? '' : `&lang=${wish.lang}`;
  return `${world.appUrl}/checkout?quote=${token}${lang}`;
}
