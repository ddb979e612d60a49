/** A parsed form: strings, nested records and arrays. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

/** A parsed form's top level. */
export type FormRecord = Record<string, FormValue>;

interface Branch {
  [name: string]: string | Branch;
}

/**
 * Parses Stripe's form encoding (`line_items[0][price]=…`, `expand[]=…`) into nested values. Works for bodies and for query
 * strings. Records whose keys are all whole numbers become arrays, in order.
 */
export function parseForm(text: string): FormRecord {
  const root: Branch = Object.create(null) as Branch;
  for (const [name, value] of new URLSearchParams(text)) insert(root, splitName(name), value);
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, toValue(value)]));
}

function splitName(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  return [name.slice(0, open), ...[...name.slice(open).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')];
}

function insert(root: Branch, path: string[], value: string): void {
  let branch = root;
  for (const [index, part] of path.entries()) {
    // `a[]=1&a[]=2` appends: the next free number is the key.
    const key = part === '' ? String(Object.keys(branch).length) : part;
    if (index === path.length - 1) {
      branch[key] = value;
      return;
    }
    const next = branch[key];
    const child: Branch = typeof next === 'object' ? next : (Object.create(null) as Branch);
    branch[key] = child;
    branch = child;
  }
}

function toValue(value: string | Branch): FormValue {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value);
  if (entries.every(([name]) => /^\d+$/.test(name))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, inner]) => toValue(inner));
  }
  return Object.fromEntries(entries.map(([name, inner]) => [name, toValue(inner)]));
}
