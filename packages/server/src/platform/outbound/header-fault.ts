/** RFC 9110: a token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Those that make a request what it is: another server or another length would be meant. */
const OURS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
// oxlint-disable-next-line no-control-regex
const NOT_IN_A_HEADER = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

/** Why a request cannot have a header that a user chose, as the end of a sentence; null when it can. */
export function headerFault(name: string, value: string): string | null {
  if (!HEADER_NAME.test(name)) return 'is no name of a header';
  if (OURS.has(name.toLowerCase())) return 'is set by the server: leave it out';
  if (NOT_IN_A_HEADER.test(value)) return 'must be one line of Latin letters';
  return null;
}
