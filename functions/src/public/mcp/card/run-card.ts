import type {
  McpUiHostContext,
  McpUiInitializeRequest,
  McpUiInitializeResult,
  McpUiOpenLinkRequest,
  McpUiToolResultNotification,
} from '@modelcontextprotocol/ext-apps';

/** As much of a browser's page as the card uses. The backend is compiled without the browser's types. */
interface Element {
  textContent: string | null;
  className: string;
  disabled?: boolean;
  readonly style: { colorScheme: string };
  readonly scrollHeight: number;
  append(...parts: (Element | string)[]): void;
  replaceChildren(...parts: Element[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(name: 'click', listener: () => void): void;
}
interface Page {
  readonly parent: { postMessage(message: unknown, origin: string): void };
  readonly document: {
    readonly documentElement: Element;
    createElement(tag: string): Element;
    getElementById(id: string): Element | null;
  };
  addEventListener(name: 'message', listener: (event: { source: unknown; data: unknown }) => void): void;
  setInterval(work: () => void, ms: number): number;
  clearInterval(timer: number): void;
}

interface Money {
  readonly unit: string;
  readonly amount: string;
}
interface Line {
  readonly name: string;
  readonly quantity: number;
  readonly full: Money;
}
interface Quoted {
  readonly price: {
    readonly lines: readonly Line[];
    readonly discount: { readonly kind: string; readonly id: string; readonly amount: Money } | null;
    readonly dueNow: Money;
    readonly recurring: { readonly monthly: Money; readonly annual: Money };
    readonly reward: Money;
  };
  readonly checkoutUrl: string;
  readonly expiresAt: string;
  readonly notIncluded: readonly string[];
  readonly conditions: readonly string[];
}
interface Compared {
  readonly currency: string;
  readonly plans: readonly { readonly name: string; readonly page: string }[];
  readonly rows: readonly { readonly label: string; readonly values: readonly string[] }[];
}

/**
 * What runs in the card, by the protocol of MCP Apps (2026-01-26): it greets the host, waits for the answer of a tool, and shows it. It is
 * sent as its own text, so it stands alone: nothing outside of it may be used but types. All content is set as text, never as HTML.
 */
export function runCard(page: Page): void {
  const { document } = page;
  const root = document.documentElement;
  const card = document.getElementById('card');
  let nextId = 1;
  let timer = 0;

  const send = (message: object): void => page.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const ask = (request: McpUiInitializeRequest | McpUiOpenLinkRequest): number => {
    const id = nextId++;
    send({ id, ...request });
    return id;
  };
  const make = (tag: string, text = '', className = ''): Element => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = className;
    return element;
  };
  const say = ({ unit, amount }: Money): string => `${amount} ${unit}`;
  const isZero = ({ amount }: Money): boolean => Number(amount) === 0;
  const linkButton = (text: string, url: string, className = ''): Element => {
    const button = make('button', text, className);
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => ask({ method: 'ui/open-link', params: { url } }));
    return button;
  };
  const tableOf = (caption: string): { table: Element; wrap: Element } => {
    const table = make('table');
    table.append(make('caption', caption));
    // A wide table scrolls by itself, with the keyboard too.
    const wrap = make('div', '', 'scroll');
    wrap.setAttribute('tabindex', '0');
    wrap.setAttribute('role', 'region');
    wrap.setAttribute('aria-label', caption);
    wrap.append(table);
    return { table, wrap };
  };
  const rowOf = (label: string, values: readonly string[], valueClass = '', rowClass = ''): Element => {
    const row = make('tr', '', rowClass);
    const head = make('th', label);
    head.setAttribute('scope', 'row');
    row.append(head, ...values.map((value) => make('td', value, valueClass)));
    return row;
  };

  const comparison = ({ currency, plans, rows }: Compared): Element[] => {
    const { table, wrap } = tableOf(`Plans side by side, prices in ${currency}`);
    const head = make('tr');
    head.append(
      make('td'),
      ...plans.map(({ name }) => {
        const cell = make('th', name);
        cell.setAttribute('scope', 'col');
        return cell;
      }),
    );
    const top = make('thead');
    top.append(head);
    const body = make('tbody');
    body.append(...rows.map(({ label, values }) => rowOf(label, values)));
    table.append(top, body);
    const links = make('div', '', 'row');
    links.append(...plans.map((plan) => linkButton(plan.name, plan.page)));
    return [make('h1', 'Compare plans'), wrap, make('p', 'Prices are before tax.', 'soft'), links];
  };

  const quote = ({ price, checkoutUrl, expiresAt, notIncluded, conditions }: Quoted): Element[] => {
    const { table, wrap } = tableOf('What the price is made of');
    const body = make('tbody');
    body.append(
      ...price.lines.map(({ name, quantity, full }) => rowOf(`${quantity} × ${name}`, [say(full)], 'amount')),
      ...(price.discount === null
        ? []
        : [rowOf(`${price.discount.kind}: ${price.discount.id}`, [`−${say(price.discount.amount)}`], 'amount good')]),
      rowOf('Due now, before tax', [say(price.dueNow)], 'amount', 'total'),
      ...(isZero(price.recurring.monthly) ? [] : [rowOf('Then each month', [say(price.recurring.monthly)], 'amount')]),
      ...(isZero(price.recurring.annual) ? [] : [rowOf('Then each year', [say(price.recurring.annual)], 'amount')]),
      ...(isZero(price.reward) ? [] : [rowOf('Reward', [say(price.reward)], 'amount')]),
    );
    table.append(body);
    const button = linkButton('Go to checkout', checkoutUrl, 'main');
    const clock = make('p', '', 'soft');
    const tick = (): void => {
      const seconds = Math.floor((Date.parse(expiresAt) - Date.now()) / 1000);
      button.disabled = seconds <= 0;
      clock.textContent =
        seconds <= 0
          ? 'This price is over. Ask for a new quote.'
          : `This price holds for ${seconds >= 60 ? `${String(Math.floor(seconds / 60))} min` : `${String(seconds)} s`}.`;
      if (seconds <= 0) page.clearInterval(timer);
    };
    timer = page.setInterval(tick, 1000);
    tick();
    const actions = make('div', '', 'row');
    actions.append(button);
    const notes = [...conditions, ...notIncluded].map((text) => make('p', text, 'soft'));
    return [make('h1', 'Your price'), wrap, clock, actions, ...notes];
  };

  const show = (content: unknown): void => {
    if (typeof content !== 'object' || content === null || !card) return;
    page.clearInterval(timer);
    if ('checkoutUrl' in content) card.replaceChildren(...quote(content as Quoted));
    else if ('rows' in content) card.replaceChildren(...comparison(content as Compared));
    send({ method: 'ui/notifications/size-changed', params: { height: root.scrollHeight } });
  };
  const dress = (context: McpUiHostContext | undefined): void => {
    if (context?.theme) root.style.colorScheme = context.theme;
  };

  const greeting = 1;
  page.addEventListener('message', ({ source, data }) => {
    // Only the page that holds the card may speak to it.
    if (source !== page.parent || typeof data !== 'object' || data === null) return;
    const message = data as { id?: unknown; method?: string; params?: unknown; result?: unknown };
    if (message.id === greeting && message.method === undefined) {
      dress((message.result as McpUiInitializeResult | undefined)?.hostContext);
      send({ method: 'ui/notifications/initialized', params: {} });
      return;
    }
    switch (message.method) {
      case 'ui/notifications/tool-result':
        show((message.params as McpUiToolResultNotification['params']).structuredContent);
        break;
      case 'ui/notifications/host-context-changed':
        dress(message.params as McpUiHostContext);
        break;
      case 'ui/resource-teardown':
        page.clearInterval(timer);
        send({ id: message.id, result: {} });
        break;
      case 'ping':
        send({ id: message.id, result: {} });
        break;
      default:
    }
  });
  ask({
    method: 'ui/initialize',
    params: { appInfo: { name: 'dotm-card', version: '1.0.0' }, appCapabilities: {}, protocolVersion: '2026-01-26' },
  });
}
