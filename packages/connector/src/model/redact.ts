const ADDRESS = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g;
/** Seven digits or more, as people write telephone numbers. */
const NUMBER = /\+?\d(?:[\s().-]?\d){6,}/g;

/** A text of a server without the addresses and telephone numbers that it may repeat. */
export function redactText(text: string): string {
  return text.replaceAll(ADDRESS, '***@***').replaceAll(NUMBER, '***');
}

/** The shape of a payload as JSON: its names stay, and of a text only how long it is. */
export function redactPayload(payload: unknown): string {
  return JSON.stringify(payload, (name, part: unknown) => {
    if (typeof part === 'string') return KEPT.has(name) ? part : `*${part.length}`;
    return typeof part === 'number' || typeof part === 'bigint' ? '*' : part;
  });
}

/** Words of the wire and of the configuration, not of a person. */
const KEPT: ReadonlySet<string> = new Set(['type', 'kind', 'name', 'channel', 'template', 'language']);
