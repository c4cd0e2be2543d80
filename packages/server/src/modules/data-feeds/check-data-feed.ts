import { invalidField } from '../../platform/http/invalid-field.ts';
import { checkLiquid, hasLiquid } from '../../platform/liquid/index.ts';
import { headerFault } from '../../platform/outbound/index.ts';
import type { DataFeed } from './data-feed.ts';

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
    const fault = headerFault(name, value);
    if (fault !== null) throw invalidField(field, fault);
    checkLiquid(field, value);
  }
  if (body === null) return;
  if (method === 'GET')
    throw invalidField('body', 'cannot be sent with GET: leave it out, or set method to POST');
  checkLiquid('body', body);
}
