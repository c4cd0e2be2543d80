import type { CreateWebhookBody, UpdateWebhookBody } from '@carillon/wire';
import { makeWebhookSecret, readWebhookSecret } from '../../channels/index.ts';
import { checkRequest } from '../request/check-request.ts';
import { RETRY_SCHEDULE } from '../request/retry-schedule.ts';
import { MASK } from './present-webhook.ts';
import type { WebhookSettings } from './webhook-settings.ts';

export interface ReadWebhook {
  readonly settings: WebhookSettings;
  /** The secret, when it was made just now. */
  readonly madeSecret: string | null;
}

type IsReachable = (address: string) => boolean;

/** Throws ApiError `request-invalid`, `liquid-invalid` for what could never be sent. */
export function readWebhookBody(asked: CreateWebhookBody, isReachable: IsReachable): ReadWebhook {
  const { method = 'POST', url, headers = {}, body = null, connections = 8 } = asked;
  const madeSecret = asked.secret === undefined ? makeWebhookSecret() : null;
  const settings: WebhookSettings = {
    method,
    url,
    headers,
    body,
    connections,
    retrySchedule: asked.retry_schedule ?? RETRY_SCHEDULE,
    secret: madeSecret ?? readWebhookSecret(asked.secret ?? ''),
    oldSecret: null,
  };
  checkRequest(settings, isReachable);
  return { settings, madeSecret };
}

/** What `asked` makes of the settings before. Throws as `readWebhookBody`. */
export function changeSettings(
  before: WebhookSettings,
  asked: UpdateWebhookBody,
  isReachable: IsReachable,
): WebhookSettings {
  const { method = before.method, url = before.url, connections = before.connections } = asked;
  const settings: WebhookSettings = {
    ...before,
    method,
    url,
    headers: changeHeaders(before.headers, asked.headers ?? {}),
    body: asked.body === undefined ? before.body : asked.body,
    connections,
    retrySchedule: asked.retry_schedule ?? before.retrySchedule,
  };
  checkRequest(settings, isReachable);
  return settings;
}

/** A header that is sent back as it was shown stays what it is. */
function changeHeaders(
  before: WebhookSettings['headers'],
  asked: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(asked)) {
    const known = [...after.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
    if (value === MASK && known !== undefined) continue;
    if (known !== undefined) after.delete(known);
    if (value !== null) after.set(name, value);
  }
  return Object.fromEntries(after);
}
