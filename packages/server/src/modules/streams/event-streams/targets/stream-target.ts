import type { EventStreamBody } from '@carillon/wire';
import { kafkaBody, readKafka, showKafka } from './kafka-target.ts';
import type { KafkaStreamSettings } from './kafka-target.ts';
import { mysqlBody, readMysql, showMysql } from './mysql-target.ts';
import type { MysqlStreamSettings } from './mysql-target.ts';
import { natsBody, readNats, showNats } from './nats-target.ts';
import type { NatsStreamSettings } from './nats-target.ts';
import { postgresBody, readPostgres, showPostgres } from './postgres-target.ts';
import type { PostgresStreamSettings } from './postgres-target.ts';
import { readS3, s3Body, showS3 } from './s3-target.ts';
import type { S3StreamSettings } from './s3-target.ts';
import { readWebhook, showWebhook, webhookBody } from './webhook-target.ts';
import type { WebhookStreamSettings } from './webhook-target.ts';

/** Where the events of a stream go, with what opens it. */
export type StreamTarget =
  | WebhookStreamSettings
  | PostgresStreamSettings
  | MysqlStreamSettings
  | NatsStreamSettings
  | KafkaStreamSettings
  | S3StreamSettings;

/** The bodies that set a stream, by their `kind`. */
export const streamBodies = [webhookBody, postgresBody, mysqlBody, natsBody, kafkaBody, s3Body];

export interface ReadTarget {
  readonly target: StreamTarget;
  /** The secret of a webhook, when it was made just now. */
  readonly madeSecret: string | null;
}

/** `before` is what the stream has: secrets stay until others are given. */
export function readTarget(
  body: EventStreamBody,
  before: StreamTarget | null,
  isReachable: (address: string) => boolean,
): ReadTarget {
  const plain = (target: StreamTarget) => ({ target, madeSecret: null });
  switch (body.kind) {
    case 'webhook':
      return readWebhook(body, before?.kind === 'webhook' ? before : null, isReachable);
    case 'postgres':
      return plain(readPostgres(body));
    case 'mysql':
      return plain(readMysql(body));
    case 'nats':
      return plain(readNats(body, before?.kind === 'nats' ? before : null));
    case 'kafka':
      return plain(readKafka(body, before?.kind === 'kafka' ? before : null));
    case 's3':
      return plain(readS3(body, before?.kind === 's3' ? before : null, isReachable));
  }
}

/** What is shown of a target, as the wire names it. */
export function showTarget(target: StreamTarget): Record<string, unknown> {
  switch (target.kind) {
    case 'webhook':
      return showWebhook(target);
    case 'postgres':
      return showPostgres(target);
    case 'mysql':
      return showMysql(target);
    case 'nats':
      return showNats(target);
    case 'kafka':
      return showKafka(target);
    case 's3':
      return showS3(target);
  }
}

/** What is never shown of a target, in one text: to tell whether it has changed. */
export function secretsOf(target: StreamTarget): string {
  switch (target.kind) {
    case 'webhook':
      return JSON.stringify([target.url, target.headers, target.secret]);
    case 'postgres':
    case 'mysql':
      return target.url;
    case 'nats':
      return JSON.stringify([target.user, target.password, target.token]);
    case 'kafka':
      return JSON.stringify(target.sasl);
    case 's3':
      return target.secretAccessKey;
  }
}
