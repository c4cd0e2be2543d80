import {
  createDestinations,
  EventStreams,
  openSettings,
  StreamCourse,
  StreamRunner,
} from '../modules/streams/index.ts';
import { WebhookRenderer } from '../modules/webhooks/index.ts';
import type { Outbound } from '../platform/outbound/index.ts';
import { reachableAddresses } from '../platform/outbound/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretBox } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Hints } from '../platform/database/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';

/** A stream stays with the process that works it for as long without a word from it, in milliseconds. */
const LEASE_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

export interface ComposeStreamsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hints: Hints;
  readonly box: SecretBox;
  readonly outbound: Outbound;
  /** Addresses that are not public and that streams may lead to. */
  readonly outboundAllowed: readonly string[];
  readonly closers: Closers;
  /** `LEASE_MS` when absent. On the clock. */
  readonly leaseMs?: number;
  /** On the machine's clock. */
  readonly lookEveryMs?: number;
}

/** Event streams, and who works them in this process. */
export function composeStreams(options: ComposeStreamsOptions): {
  readonly eventStreams: EventStreams;
  readonly streamCourse: StreamCourse;
  readonly streamRunner: StreamRunner;
} {
  const { database, clock, log, hints, box, closers, outbound } = options;
  const { leaseMs = LEASE_MS, lookEveryMs = LOOK_EVERY_MS } = options;
  const renderer = new WebhookRenderer({ clock, log, name: 'event stream rendering' });
  closers.add('rendering of event streams', () => renderer.close());
  const onChange = () => hints.give('streams');
  const isReachable = reachableAddresses(options.outboundAllowed);
  const destinationOf = createDestinations({ database, clock, outbound, renderer, isReachable });
  return {
    eventStreams: new EventStreams({
      database,
      clock,
      box,
      isReachable,
      render: (templates, scopes) => renderer.render(templates, scopes),
      destinationOf,
      onChange,
    }),
    streamCourse: new StreamCourse({ database, clock, onChange }),
    streamRunner: new StreamRunner({
      database,
      clock,
      log,
      hints,
      leaseMs,
      lookEveryMs,
      settingsOf: (stream) => openSettings(box, stream),
      destinationOf,
      onDisabled: ({ appId, name }, reason) =>
        log.warn({ appId, stream: name, reason }, 'an event stream was disabled'),
    }),
  };
}
