import type { EventStreamBody, PostgresStreamBody, S3StreamBody, WebhookStreamBody } from '@carillon/wire';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { hasLiquid } from '../../../platform/liquid/index.ts';
import { makeWebhookSecret, readEndpointUrl, readWebhookSecret } from '../../channels/index.ts';
import { checkRequest, RETRY_SCHEDULE } from '../../webhooks/index.ts';
import type {
  PostgresStreamSettings,
  S3StreamSettings,
  StreamSettings,
  StreamTarget,
  WebhookStreamSettings,
} from './stream-settings.ts';

export interface ReadStream {
  readonly settings: StreamSettings;
  /** The secret of a webhook, when it was made just now. */
  readonly madeSecret: string | null;
}

/**
 * The settings that a body of the shape `eventStreamBody` stands for. `before` is what the stream has: secrets stay
 * until others are given. Throws ApiError `request-invalid`, `liquid-invalid`.
 */
export function readStreamBody(
  body: EventStreamBody,
  before: StreamTarget | null,
  isReachable: (address: string) => boolean,
): ReadStream {
  const { filters = {}, retry_schedule: retrySchedule = RETRY_SCHEDULE } = body;
  const { target, madeSecret } = readTarget(body, before, isReachable);
  return { settings: { target, filters, retrySchedule }, madeSecret };
}

function readTarget(
  body: EventStreamBody,
  before: StreamTarget | null,
  isReachable: (address: string) => boolean,
): { readonly target: StreamTarget; readonly madeSecret: string | null } {
  switch (body.kind) {
    case 'webhook':
      return readWebhook(body, before?.kind === 'webhook' ? before : null, isReachable);
    case 'postgres':
      return { target: readPostgres(body), madeSecret: null };
    case 's3':
      return { target: readS3(body, before?.kind === 's3' ? before : null, isReachable), madeSecret: null };
  }
}

function readWebhook(
  body: WebhookStreamBody,
  before: WebhookStreamSettings | null,
  isReachable: (address: string) => boolean,
) {
  const { url, method = 'POST', headers = {}, body: template = null, batch = 1, connections = 8 } = body;
  checkRequest({ method, url, headers, body: template }, isReachable);
  if (batch > 1 && [url, ...Object.values(headers)].some(hasLiquid)) {
    throw invalidField('batch', 'must be 1 where url or headers have Liquid: a batch is of many events');
  }
  if (method === 'GET' && batch > 1) {
    throw invalidField('method', 'must not be GET with batch: a GET has no body');
  }
  const given = body.secret === undefined ? null : readWebhookSecret(body.secret);
  const kept = before?.secret ?? null;
  const made = given === null && kept === null ? makeWebhookSecret() : null;
  const target: WebhookStreamSettings = {
    kind: 'webhook',
    url,
    method,
    headers,
    body: template,
    batch,
    connections,
    secret: given ?? kept ?? made ?? '',
    oldSecret: before?.oldSecret ?? null,
  };
  return { target, madeSecret: made };
}

function readPostgres({ url, table = 'carillon_events' }: PostgresStreamBody): PostgresStreamSettings {
  if (!URL.canParse(url) || new URL(url).hostname === '' || new URL(url).pathname.length < 2) {
    throw invalidField('url', 'must name a host and a database: postgres://user:password@host:5432/database');
  }
  return { kind: 'postgres', url, table };
}

function readS3(
  body: S3StreamBody,
  before: S3StreamSettings | null,
  isReachable: (address: string) => boolean,
): S3StreamSettings {
  const { endpoint, region, bucket, prefix = '', access_key_id: accessKeyId } = body;
  const { every_seconds: everySeconds = 60, secret_access_key: given } = body;
  readEndpointUrl(endpoint, isReachable);
  const secretAccessKey = given ?? before?.secretAccessKey;
  if (secretAccessKey === undefined) throw invalidField('secret_access_key', 'must be given at first');
  return {
    kind: 's3',
    endpoint: endpoint.replace(/\/+$/, ''),
    region,
    bucket,
    prefix: prefix.replace(/^\/+|\/+$/g, ''),
    accessKeyId,
    secretAccessKey,
    everySeconds,
  };
}
