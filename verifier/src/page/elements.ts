/** What an element may be given: attributes, and listeners by the name of the event. */
export interface Parts {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** Makes an element. Text is only ever set as text: nothing that a file says can become a part of the page. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  parts: Parts,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(attribute, value);
  for (const [event, listener] of Object.entries(parts.on ?? {})) made.addEventListener(event, listener);
  made.append(...children);
  return made;
}
