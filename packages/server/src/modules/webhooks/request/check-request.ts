import { invalidField } from '../../../platform/http/invalid-field.ts';
import { checkLiquid, hasLiquid } from '../../../platform/liquid/index.ts';
import { headerFault } from '../../../platform/outbound/index.ts';
import { readEndpointUrl } from '../../channels/index.ts';
import type { WebhookRequest } from './compose-request.ts';

/** Refuses what could never be sent. Throws ApiError `request-invalid`, `liquid-invalid` that names the field. */
export function checkRequest(
  { method, url, headers, body }: WebhookRequest,
  isReachable: (address: string) => boolean,
): void {
  checkUrl(url, isReachable);
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value) ?? (isOurs(name) ? 'is set by the server: leave it out' : null);
    if (fault !== null) throw invalidField(`headers.${name}`, fault);
    checkLiquid(`headers.${name}`, value);
  }
  if (body === null) return;
  if (method === 'GET') throw invalidField('method', 'must not be GET with a body: a GET has none');
  checkLiquid('body', body);
}

/** The host is fixed when it is set: nothing that is filled in decides where requests go. */
function checkUrl(url: string, isReachable: (address: string) => boolean): void {
  if (!hasLiquid(url)) return void readEndpointUrl(url, isReachable);
  checkLiquid('url', url);
  const [origin = ''] = /^https?:\/\/[^/{]+\//i.exec(url) ?? [];
  if (origin === '') throw invalidField('url', 'must have its Liquid behind the host and a slash');
  readEndpointUrl(origin, isReachable);
}

/** Headers that tell what is sent and by whom, and those that webhooks have never been allowed to set. */
function isOurs(name: string): boolean {
  return /^(?:webhook-(?:id|timestamp|signature)|referer|metadata-flavor|x-google-metadata-request|x-onesignal.*)$/i.test(
    name,
  );
}
