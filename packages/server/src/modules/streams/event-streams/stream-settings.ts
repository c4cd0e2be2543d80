import type { EventStreamFilters } from '@carillon/wire';

export interface WebhookStreamSettings {
  readonly kind: 'webhook';
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** Liquid for one event; null for our JSON. */
  readonly body: string | null;
  /** Most events in a request. */
  readonly batch: number;
  /** Most requests at a time. */
  readonly connections: number;
  readonly secret: string;
  /** The secret before, which signs too until it expires: milliseconds since the epoch. */
  readonly oldSecret: { readonly secret: string; readonly expiresAt: number } | null;
}

export interface PostgresStreamSettings {
  readonly kind: 'postgres';
  readonly url: string;
  /** A name, or a schema's and a table's with a point between them. */
  readonly table: string;
}

export interface S3StreamSettings {
  readonly kind: 's3';
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly everySeconds: number;
}

/** Where the events of a stream go, with what opens it. */
export type StreamTarget = WebhookStreamSettings | PostgresStreamSettings | S3StreamSettings;

/** All that somebody has set of a stream. It is sealed as a whole. */
export interface StreamSettings {
  readonly target: StreamTarget;
  readonly filters: EventStreamFilters;
  /** Seconds between tries. */
  readonly retrySchedule: readonly number[];
}

/** What is shown of a target, as the wire names it. */
export function showTarget(target: StreamTarget, maskUrl: (url: string) => string): Record<string, unknown> {
  switch (target.kind) {
    case 'webhook': {
      const { url, method, headers, body, batch, connections, oldSecret } = target;
      return {
        url: maskUrl(url),
        method,
        header_names: Object.keys(headers),
        body,
        batch,
        connections,
        old_secret_expires_at: oldSecret === null ? null : new Date(oldSecret.expiresAt).toISOString(),
      };
    }
    case 'postgres':
      return { url: maskUrl(target.url), table: target.table };
    case 's3': {
      const { endpoint, region, bucket, prefix, accessKeyId, everySeconds } = target;
      return {
        endpoint,
        region,
        bucket,
        prefix,
        access_key_id: accessKeyId,
        every_seconds: everySeconds,
      };
    }
  }
}
