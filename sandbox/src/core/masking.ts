/** Longer bodies are cut in the journal: enough for every API answer, little enough for 5,000 of them. */
export const MAX_BODY_CHARS = 20_000;

const SECRET_NAME =
  /pass(word|wd)?|secret|token|authorization|api_?key|cvc|^exp$|card_?number|(^|\[)number\]?$|^card$|signature|^content$/i;
const MASK = '[masked]';

function isSecret(name: string, value: string): boolean {
  if (!SECRET_NAME.test(name)) return false;
  // Only long `content` is hidden: an attachment says nothing to a reader, a short text part does.
  if (/^content$/i.test(name)) return value.length > 2_000;
  return value !== '';
}

function maskJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && isSecret(name, inner) ? MASK : maskJson(inner),
    ]),
  );
}

/**
 * Makes a body fit for the journal: secrets, card numbers and attachments masked, cut to `MAX_BODY_CHARS`. Understands JSON
 * and forms; other text is only cut. The journal is shown on a page, and screens get shared.
 */
export function maskBody(body: string, contentType: string): string {
  return cut(masked(body, contentType));
}

function masked(body: string, contentType: string): string {
  if (/json/i.test(contentType)) {
    try {
      return JSON.stringify(maskJson(JSON.parse(body)));
    } catch {
      return body;
    }
  }
  if (!/x-www-form-urlencoded/i.test(contentType)) return body;
  const pairs = [...new URLSearchParams(body)];
  return pairs.map(([name, value]) => `${name}=${isSecret(name, value) ? MASK : value}`).join('\n');
}

function cut(text: string): string {
  return text.length > MAX_BODY_CHARS ? `${text.slice(0, MAX_BODY_CHARS)}… (${text.length} characters)` : text;
}
