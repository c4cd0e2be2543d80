import { invalidField } from '../../../platform/http/invalid-field.ts';

/** The address of a provider's API, without a slash at its end. Throws ApiError that names `base_url`. */
export function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!isPlain || url.username !== '')
    throw invalidField('base_url', 'must be an http or https address without a query or a password');
  return text.replace(/\/+$/, '');
}
