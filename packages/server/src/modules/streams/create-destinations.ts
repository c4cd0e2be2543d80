import type { Clock } from '../../platform/clock.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { WebhookRenderer } from '../webhooks/index.ts';
import type { Destination } from './destination.ts';
import type { StreamSettings } from './event-streams/stream-settings.ts';
import { KafkaDestination } from './sinks/kafka/kafka-destination.ts';
import { MysqlDestination } from './sinks/mysql/mysql-destination.ts';
import { NatsDestination } from './sinks/nats/nats-destination.ts';
import { PostgresDestination } from './sinks/postgres/postgres-destination.ts';
import { S3Destination } from './sinks/s3/s3-destination.ts';
import { WebhookDestination } from './webhook/webhook-destination.ts';

export interface DestinationOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly renderer: WebhookRenderer;
  /** Whether connections may go to an address. */
  readonly isReachable: (address: string) => boolean;
}

/** The destination that a stream's settings stand for. */
export function createDestinations(options: DestinationOptions) {
  return (
    { appId, id }: { readonly appId: string; readonly id: string },
    { target }: StreamSettings,
  ): Destination => {
    switch (target.kind) {
      case 'webhook':
        return new WebhookDestination(options, appId, target);
      case 'postgres':
        return new PostgresDestination(options, appId, target);
      case 'mysql':
        return new MysqlDestination(options, appId, target);
      case 'nats':
        return new NatsDestination(options, target);
      case 'kafka':
        return new KafkaDestination(options, target);
      case 's3':
        return new S3Destination(options, { appId, streamId: id }, target);
    }
  };
}
