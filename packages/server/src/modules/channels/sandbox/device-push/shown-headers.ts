import type { IncomingHttpHeaders } from 'node:http2';

/** Header lines as they may be kept and shown: whoever reads them must not be able to send in the app's name. */
export function shownHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const shown = Object.entries(headers).filter(([name]) => !name.startsWith(':') && name !== 'authorization');
  return Object.fromEntries(shown.map(([name, value]) => [name, String(value)]));
}
