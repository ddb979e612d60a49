import type { BrowserContext } from 'playwright-core';

/**
 * Plays Google's frame messaging (`gapi.iframes`), which Firebase loads from apis.google.com for its sign-in window, as far as
 * Firebase uses it: tests need no network. Everything else is real: the app, Firebase's SDK, the emulator's window and frame.
 */
const MESSAGING = `(() => {
  const deeds = new Map();
  const answers = new Map();
  let count = 0;
  const peer = (target) => ({
    register: (name, deed) => deeds.set(name, deed),
    send(name, data, answered) {
      const id = String(++count);
      if (answered) answers.set(id, answered);
      target().postMessage({ played: 'deed', id, name, data }, '*');
    },
    restyle: () => Promise.resolve(),
    ping: () => Promise.resolve(),
  });
  addEventListener('message', ({ data, source }) => {
    if (data?.played === 'answer') {
      // Google's own swallows what its listeners throw, and Firebase throws in passing.
      try { answers.get(data.id)?.([data.value]); } catch {}
    }
    if (data?.played !== 'deed') return;
    const attempt = async () => {
      const deed = deeds.get(data.name);
      if (!deed) return setTimeout(attempt, 20);
      source.postMessage({ played: 'answer', id: data.id, value: await deed(data.data) }, '*');
    };
    void attempt();
  });
  const context = {
    open({ url, where, attributes }, opened) {
      const frame = document.createElement('iframe');
      frame.src = url;
      Object.assign(frame.style, attributes?.style);
      const ready = new Promise((resolve) => frame.addEventListener('load', resolve));
      where.append(frame);
      return ready.then(() => opened(peer(() => frame.contentWindow)));
    },
    getParentIframe: () => peer(() => parent),
  };
  window.gapi = {
    load: (_name, options) => (typeof options === 'function' ? options() : options.callback()),
    iframes: { Iframe: function () {}, getContext: () => context, CROSS_ORIGIN_IFRAMES_FILTER: {} },
  };
  const onload = new URL(document.currentScript.src).searchParams.get('onload');
  (onload ? window[onload] : window.gapi_onload)?.();
})();`;

/** Answers for Google's servers in this browser, which Firebase's sign-in window asks for scripts and styles. */
export async function playGoogleScripts(context: BrowserContext): Promise<void> {
  await context.route('https://apis.google.com/js/api.js*', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: MESSAGING }),
  );
  // Styles and icons of the emulator's window: it works without.
  await context.route(/^https:\/\/(unpkg\.com|fonts\.googleapis\.com)\//, (route) =>
    route.fulfill({ contentType: route.request().url().endsWith('.js') ? 'text/javascript' : 'text/css', body: '' }),
  );
}
