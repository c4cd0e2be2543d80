import { invalidField } from '../../platform/http/invalid-field.ts';

/** What a request says in `base_url`, without a slash at the end. Throws ApiError. */
export function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!isPlain || url.username !== '')
    throw invalidField('base_url', 'must be an http or https address without a query or a password');
  return text.replace(/\/+$/, '');
}
