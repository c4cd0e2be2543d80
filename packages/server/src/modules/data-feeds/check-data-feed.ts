import { ApiError } from '../../platform/http/api-error.ts';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { createLiquid, LiquidFault, parseLiquid } from '../../platform/liquid/index.ts';
import type { DataFeed } from './data-feed.ts';

const liquid = createLiquid();

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

/** Refuses a feed that could never be asked. Throws ApiError `liquid-invalid`, `request-invalid`. */
export function checkDataFeed({
  method,
  url,
  headers,
  body,
}: Pick<DataFeed, 'method' | 'url' | 'headers' | 'body'>): void {
  checkLiquid('url', url);
  if (!/^(?:https?:\/\/|\{\{|\{%)/i.test(url.trim()) || (!hasLiquid(url) && !URL.canParse(url))) {
    throw invalidField('url', 'must be an absolute http or https URL such as https://example.com/people');
  }
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name}`;
    if (!HEADER_NAME.test(name)) throw invalidField(field, 'is no name of a header');
    if (OURS.has(name.toLowerCase())) throw invalidField(field, 'is set by the server: leave it out');
    if (NOT_IN_A_HEADER.test(value)) throw invalidField(field, 'must be one line of Latin letters');
    checkLiquid(field, value);
  }
  if (body === null) return;
  if (method === 'GET')
    throw invalidField('body', 'cannot be sent with GET: leave it out, or set method to POST');
  checkLiquid('body', body);
}

function checkLiquid(field: string, text: string): void {
  try {
    parseLiquid(liquid, text);
  } catch (error) {
    if (!(error instanceof LiquidFault)) throw error;
    const { line, column, message: problem } = error;
    throw new ApiError('liquid-invalid', {
      params: { field, line, column, problem },
      meta: { field, line, column },
    });
  }
}

function hasLiquid(text: string): boolean {
  return /\{[{%]/.test(text);
}
