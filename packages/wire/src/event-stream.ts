import { Type } from 'typebox';
import type { Static } from 'typebox';

/** Where events go. */
export type EventStreamKind = 'webhook' | 'postgres' | 'mysql' | 'nats' | 'kafka' | 's3';

/** Which events go there; what is absent leaves out nothing. */
export interface EventStreamFilters {
  /** `message.email.opened`, or `message.email.*` for all that begin so; `message.*` when absent. */
  readonly kinds?: readonly string[];
  readonly channels?: readonly ('email' | 'push' | 'sms')[];
  readonly message_ids?: readonly string[];
  readonly template_ids?: readonly string[];
  readonly message_names?: readonly string[];
}

interface CommonBody {
  readonly filters?: EventStreamFilters;
  /** Where a new one begins; `now` when absent. */
  readonly from?: 'now' | 'oldest';
  /** Seconds between tries. */
  readonly retry_schedule?: readonly number[];
}

export interface WebhookStreamBody extends CommonBody {
  readonly kind: 'webhook';
  /** Liquid, where events go one by one. */
  readonly url: string;
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Liquid for one event; our JSON when absent or null. */
  readonly body?: string | null;
  /** Most events in a request; 1 when absent. */
  readonly batch?: number;
  /** Most requests at a time; 8 when absent. */
  readonly connections?: number;
  /** `whsec_…`; made when there is none. */
  readonly secret?: string;
}

export interface PostgresStreamBody extends CommonBody {
  readonly kind: 'postgres';
  /** `postgres://user:password@host:5432/database?sslmode=verify-full`. Kept encrypted. */
  readonly url: string;
  /** `carillon_events` when absent; `schema.table` is understood. */
  readonly table?: string;
}

export interface MysqlStreamBody extends CommonBody {
  readonly kind: 'mysql';
  /** `mysql://user:password@host:3306/database?ssl=true`. Kept encrypted. */
  readonly url: string;
  /** `carillon_events` when absent; `database.table` is understood. */
  readonly table?: string;
}

export interface NatsStreamBody extends CommonBody {
  readonly kind: 'nats';
  /** `host:port` */
  readonly servers: readonly string[];
  /** True when absent. */
  readonly tls?: boolean;
  /** Stands before the kind of an event; `carillon` when absent. */
  readonly subject?: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

export interface KafkaStreamBody extends CommonBody {
  readonly kind: 'kafka';
  /** `host:port` */
  readonly brokers: readonly string[];
  /** `carillon-events` when absent. */
  readonly topic?: string;
  /** True when absent. */
  readonly tls?: boolean;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password?: string;
  };
}

export interface S3StreamBody extends CommonBody {
  readonly kind: 's3';
  /** `https://s3.eu-central-1.amazonaws.com`, or of any server that speaks S3. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly prefix?: string;
  readonly access_key_id: string;
  readonly secret_access_key?: string;
  /** Seconds after which a file is written however little is in it; 60 when absent. */
  readonly every_seconds?: number;
  /** Lines of JSON packed with gzip when absent. */
  readonly format?: 'jsonl' | 'parquet';
}

export type EventStreamBody =
  | WebhookStreamBody
  | PostgresStreamBody
  | MysqlStreamBody
  | NatsStreamBody
  | KafkaStreamBody
  | S3StreamBody;

const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** An event stream as it is shown: without its secrets. */
export const eventStreamView = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['webhook', 'postgres', 'mysql', 'nats', 'kafka', 's3']),
  settings: Type.Record(Type.String(), Type.Unknown()),
  filters: Type.Record(Type.String(), Type.Unknown()),
  state: Type.Enum(['active', 'paused', 'disabled']),
  reason: orNull('Why it is disabled.'),
  state_at: Type.String({ format: 'date-time' }),
  cursor: Type.String({ description: 'How far it has come: of the same kind as the cursors of the feed.' }),
  resting_until: orNull('It takes a rest, because nobody took what it sent.'),
  last_failure: orNull('What went wrong last.'),
  failures: Type.Integer({ description: 'Tries in a row that nobody took.' }),
  last_taken_at: orNull('ISO 8601.'),
  delivered: Type.Integer({ description: 'Events that were taken, those of replays too.' }),
  given_up: Type.Integer({ description: 'Events that were not taken, however often they were tried.' }),
  held: Type.Integer({
    description: 'Events that wait for another try, and those of the same users behind them.',
  }),
  lag: Type.Object({
    events: Type.Integer({ description: 'Events of the app behind the cursor, before filters.' }),
    is_at_least: Type.Boolean({ description: 'There are more than could be counted.' }),
    oldest_at: orNull('When the oldest of them was written.'),
    seconds: Type.Integer({ description: 'The age of the oldest.' }),
  }),
  replaying: orNull('The message whose events are being sent again.'),
  secret: Type.Optional(
    Type.String({ description: 'Of a webhook, when it was made by this request: it is not shown again.' }),
  ),
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
});
export type EventStreamView = Static<typeof eventStreamView>;

export const eventStreamList = Type.Object({ event_streams: Type.Array(eventStreamView) });
export type EventStreamList = Static<typeof eventStreamList>;

export const resumeEventStreamBody = Type.Object(
  {
    skip_missing: Type.Optional(Type.Boolean({ description: 'Go on behind what is no longer kept.' })),
  },
  { additionalProperties: false },
);
export type ResumeEventStreamBody = Static<typeof resumeEventStreamBody>;

/** One of them. */
export const replayEventStreamBody = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Everything from this time on is sent again.' }),
    ),
    cursor: Type.Optional(
      Type.String({
        description: 'Everything behind it is sent again: a cursor of the feed or of a stream.',
      }),
    ),
    message_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'The events of this message are sent again.' }),
    ),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
export type ReplayEventStreamBody = Static<typeof replayEventStreamBody>;

export const rotateStreamSecretBody = Type.Object(
  {
    secret: Type.Optional(Type.String({ maxLength: 128, description: 'Made when absent.' })),
    grace_hours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 720,
        description: 'So long what is sent is signed with the old one too; 24 when absent.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RotateStreamSecretBody = Static<typeof rotateStreamSecretBody>;

export const rotateStreamSecretAnswer = Type.Object({
  secret: Type.String({ description: 'It is not shown again.' }),
  old_expires_at: Type.String({ format: 'date-time' }),
});
export type RotateStreamSecretAnswer = Static<typeof rotateStreamSecretAnswer>;

export const testEventStreamBody = Type.Object(
  {
    kind: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'Of the event that is made up; message.email.opened when absent.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TestEventStreamBody = Static<typeof testEventStreamBody>;

export const testEventStreamAnswer = Type.Object({
  outcome: Type.Enum(['taken', 'failed']),
  status: Type.Union([Type.Integer(), Type.Null()]),
  reason: orNull('Why it was not taken.'),
  milliseconds: Type.Integer(),
  request: orNull('What was sent.'),
  answer: orNull('The first kilobyte of what was answered.'),
});
export type TestEventStreamAnswer = Static<typeof testEventStreamAnswer>;

export const eventStreamAttempt = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  outcome: Type.Enum(['taken', 'failed']),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'Null where there was no answer.' }),
  milliseconds: Type.Integer(),
  events: Type.Integer({ description: 'How many were in it.' }),
  reason: orNull('Why it was not taken.'),
  request: orNull('The first kilobyte of the body. Null when somebody it was about was erased.'),
  answer: orNull('The first kilobyte.'),
});
export type EventStreamAttempt = Static<typeof eventStreamAttempt>;

export const eventStreamAttemptPage = Type.Object({
  attempts: Type.Array(eventStreamAttempt),
  next_cursor: Type.Optional(Type.String()),
});
export type EventStreamAttemptPage = Static<typeof eventStreamAttemptPage>;

export interface EventStreamAttemptQuery {
  readonly outcome?: 'taken' | 'failed';
  /** The id of an event, a user, a subscription or a message. */
  readonly about?: string;
  readonly status?: number;
  readonly limit?: number;
  readonly cursor?: string;
}
