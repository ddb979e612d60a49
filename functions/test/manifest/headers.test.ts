import { describe, expect, it } from 'vitest';
import config from '../../../firebase.json' with { type: 'json' };
import { buildPage } from '../../../verifier/build.ts';

/** What Hosting sends with every page. */
const sent = new Map(
  config.hosting.headers
    .find(({ source }) => source === '**')
    ?.headers.map(({ key, value }) => [key.toLowerCase(), value]),
);

/** The policy's directives and their sources. */
const policy = new Map(
  (sent.get('content-security-policy') ?? '').split(';').map((directive) => {
    const [name = '', ...sources] = directive.trim().split(/\s+/);
    return [name, sources] as const;
  }),
);

describe('what Hosting tells browsers', () => {
  it('no script runs but files of ours and of the sign-in and App Check of Google', () => {
    const scripts = policy.get('script-src') ?? [];
    expect(scripts).toContain("'self'");
    const google = ['https://apis.google.com', 'https://www.google.com', 'https://www.gstatic.com'];
    expect(scripts.filter((source) => source !== "'self'" && !google.includes(source))).toEqual([]);
    for (const name of ['default-src', 'worker-src', 'manifest-src'])
      expect(policy.get(name), name).toEqual(["'self'"]);
    expect(policy.get('object-src')).toEqual(["'none'"]);
  });

  it('no directive lets in everything', () => {
    for (const [name, sources] of policy) expect(sources, name).not.toContain('*');
    // Pictures run nothing; the provider of a sign-in chooses where a person's picture lies.
    const wide = [...policy].filter(([, sources]) => sources.includes('https:')).map(([name]) => name);
    expect(wide).toEqual(['img-src']);
  });

  it('nobody frames the page, moves its base or takes its forms elsewhere', () => {
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(sent.get('x-frame-options')).toBe('DENY');
    expect(policy.get('base-uri')).toEqual(["'self'"]);
    expect(policy.get('form-action')).toEqual(["'self'", 'https://checkout.stripe.com']);
  });

  it('browsers keep to HTTPS, types and origins, and leave camera, place and microphone alone', () => {
    expect(sent.get('strict-transport-security')).toMatch(/^max-age=(\d{8,}); includeSubDomains; preload$/);
    expect(sent.get('x-content-type-options')).toBe('nosniff');
    expect(sent.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(sent.get('cross-origin-opener-policy')).toBe('same-origin-allow-popups');
    for (const part of ['camera', 'geolocation', 'microphone'])
      expect(sent.get('permissions-policy')).toContain(`${part}=()`);
  });
});

describe('what Hosting tells browsers about the verifier', () => {
  const value = config.hosting.headers
    .find(({ source }) => source === '/verify/**')
    ?.headers.find(({ key }) => key === 'Content-Security-Policy')?.value;
  const own = new Map(
    (value ?? '').split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
  );

  it('it loads nothing from anywhere, and speaks only with nodes that its reader names', () => {
    expect(own.get('default-src')).toEqual(["'none'"]);
    expect(own.get('connect-src')).toEqual(['https:', 'http://localhost:*', 'http://127.0.0.1:*']);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(own.get(name), name).toEqual(["'none'"]);
    for (const [name, sources] of own) expect(sources, name).not.toContain('*');
  });

  it('what runs in it is in the page itself, whose own policy names it by its hash', async () => {
    expect(own.get('script-src')).toEqual(["'unsafe-inline'"]);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(await buildPage())?.[1] ?? '';
    expect(policy).toMatch(/script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+';/);
    expect(policy).toContain(`connect-src ${own.get('connect-src')?.join(' ') ?? ''};`);
    expect(policy).not.toContain('unsafe');
  });
});
